import * as Plot from '@observablehq/plot'
import { ellipsis, integer, percent, textWidth } from './format.ts'
import { type Frame, heading, plot } from './frame.ts'
import { role, series } from './theme.ts'

/** How many images of a class a split has. */
export interface ClassCount {
  readonly split: string
  readonly className: string
  readonly count: number
  /** Of the split's images. */
  readonly share: number
}

/** The counts of each split (arrays of shape [classes]) as rows, split by split. */
export function classCountRows(
  classNames: readonly string[],
  splits: Readonly<Record<string, readonly number[]>>,
): ClassCount[] {
  return Object.entries(splits).flatMap(([split, counts]) => {
    const total = counts.reduce((a, b) => a + b, 0)
    return classNames.map((className, c) => ({
      split,
      className,
      count: counts[c] ?? 0,
      share: total === 0 ? 0 : (counts[c] ?? 0) / total,
    }))
  })
}

/** The height that a number of bars wants. */
export const distributionHeight = (classes: number) => 30 + classes * 22 + 6

/** Bars of one split, one a class, with the count at the end of each. */
export function drawClassDistribution(
  document: Document,
  rows: readonly ClassCount[],
  frame: Frame & { readonly heading: string },
) {
  const names = rows.map((row) => ellipsis(row.className, 22))
  const most = Math.max(1, ...rows.map((row) => row.count))
  const marginLeft = Math.max(30, ...names.map((name) => textWidth(name, 12))) + 14
  return plot(document, frame, {
    marginTop: 30,
    marginBottom: 6,
    marginLeft,
    marginRight: textWidth(integer(most), 12) + 12,
    x: { domain: [0, most], axis: null },
    y: { domain: rows.map((_, i) => i), padding: 0.3, axis: null },
    marks: [
      heading(frame.heading, marginLeft),
      Plot.barX(rows, {
        x: 'count',
        y: (_, i) => i,
        fill: series(3),
        fillOpacity: 0.75,
        title: (d: ClassCount) => `${d.className}: ${integer(d.count)} images (${percent(d.share)})`,
      }),
      Plot.text(rows, { x: 0, y: (_, i) => i, text: (_, i) => names[i], dx: -8, textAnchor: 'end' }),
      Plot.text(rows, {
        x: 'count',
        y: (_, i) => i,
        text: (d: ClassCount) => integer(d.count),
        dx: 6,
        textAnchor: 'start',
        fill: role('muted'),
        fontVariant: 'tabular-nums',
      }),
      Plot.ruleX([0], { stroke: role('muted') }),
    ],
  })
}
