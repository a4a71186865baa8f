import * as Plot from '@observablehq/plot'
import { ellipsis, percent, textWidth } from '../../visualization/format.ts'
import { type Frame, heading, plot } from '../../visualization/frame.ts'
import { role, series } from '../../visualization/theme.ts'
import { type SearchRecord, varying } from '../record.ts'

/** A parameter's share in the variance of the value; the last row is what only several together explain. */
export interface ImportanceRow {
  readonly name: string
  readonly share: number
  readonly isTogether: boolean
}

export function importanceRows({ importance, axes }: SearchRecord): ImportanceRow[] {
  if (importance === undefined) return []
  const names = new Set(varying(axes).map(({ name }) => name))
  const parameters = importance.parameters.filter(({ name }) => names.has(name))
  return [
    ...parameters.map(({ name, share }) => ({ name, share, isTogether: false })),
    { name: 'several together', share: importance.interactions, isTogether: true },
  ]
}

/** The height that a number of rows wants. */
export const importanceHeight = (rows: number) => 40 + 24 * rows

/** What the value depended on: the share of its variance that each parameter explains by itself. */
export function drawImportance(document: Document, record: SearchRecord, frame: Frame) {
  const rows = importanceRows(record)
  const names = rows.map(({ name }) => ellipsis(name, 22))
  const marginLeft = Math.max(40, ...names.map((name) => textWidth(name, 12))) + 12
  return plot(document, frame, {
    marginTop: 34,
    marginBottom: 6,
    marginLeft,
    marginRight: 56,
    x: { domain: [0, Math.max(0.01, ...rows.map(({ share }) => share))], axis: null },
    y: { domain: rows.map(({ name }) => name), axis: null, type: 'band', padding: 0.3 },
    marks: [
      heading('Share of the variance explained', marginLeft),
      Plot.barX(rows, { x: 'share', y: 'name', fill: (d) => (d.isTogether ? role('rule') : series(3)) }),
      Plot.text(rows, {
        y: 'name',
        frameAnchor: 'left',
        dx: -8,
        textAnchor: 'end',
        text: (_, i) => names[i],
      }),
      Plot.text(rows, {
        x: 'share',
        y: 'name',
        dx: 6,
        textAnchor: 'start',
        fill: role('muted'),
        text: (d: ImportanceRow) => percent(d.share, 1),
      }),
    ],
  })
}
