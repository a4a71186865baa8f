import * as Plot from '@observablehq/plot'
import { greatest, least } from '../base/extremes.ts'
import { wilson } from '../base/statistics/shares.ts'
import { ellipsis, percent, textWidth } from './format.ts'
import { type Frame, plot, quietX } from './frame.ts'
import { role, series } from './theme.ts'

/** What is needed of a network to compare it. */
export interface Compared {
  readonly name: string
  readonly accuracy: number
  /** Test images. */
  readonly count: number
  readonly seconds: number
  /** The accuracy that the reference study reports for the same network. */
  readonly reference?: number
}

/** A network's test accuracy with its 95 % interval, and its place in the order of the networks. */
export interface ComparedRow extends Compared {
  readonly low: number
  readonly high: number
  readonly place: number
}

/** Rows for both drawings, in the order given. */
export function comparisonRows(networks: readonly Compared[]): ComparedRow[] {
  return networks.map((network, place) => {
    const { low, high } = wilson(network.accuracy, network.count)
    return { ...network, low, high, place }
  })
}

/** Where a drawing is narrower, names stand above their bars. */
const isNarrow = (width: number) => width < 500

/** The height that a number of networks wants at a width. */
export const comparisonHeight = (networks: number, width = 720): number =>
  34 + networks * (isNarrow(width) ? 42 : 30) + 34

const accuracies = (rows: readonly ComparedRow[]) =>
  rows.flatMap((row) => [row.low, row.high, ...(row.reference === undefined ? [] : [row.reference])])

/** The least and the greatest of some shares, with air, within [0, 1]. */
export function shareDomain(shares: readonly number[]): [number, number] {
  if (shares.length === 0) return [0, 1]
  const [low, high] = [least(shares), greatest(shares)]
  const air = Math.max(0.01, (high - low) * 0.08)
  return [Math.max(0, low - air), Math.min(1, high + air)]
}

/** Test accuracy of every network: a dot with its interval, and a hollow diamond where the reference stood. */
export function drawAccuracies(document: Document, rows: readonly ComparedRow[], frame: Frame) {
  const narrow = isNarrow(frame.width)
  const names = rows.map((row) => ellipsis(row.name, narrow ? 46 : 36))
  const marginLeft = narrow ? 8 : Math.max(30, ...names.map((name) => textWidth(name, 12))) + 16
  const domain = shareDomain(accuracies(rows))
  const ticks = Math.max(2, Math.floor((frame.width - marginLeft) / 120))
  const hasReference = rows.some((row) => row.reference !== undefined)
  return plot(document, frame, {
    marginTop: 34,
    marginBottom: 34,
    marginLeft,
    marginRight: 64,
    x: { domain },
    y: { domain: rows.map((row) => row.place), padding: 0.4, axis: null, type: 'band' },
    marks: [
      Plot.gridX({ stroke: role('rule'), strokeOpacity: 1, ticks }),
      quietX({ ticks, tickFormat: (d: number) => percent(d, domain[1] - domain[0] < 0.04 ? 1 : 0) }),
      Plot.text(rows, {
        y: 'place',
        frameAnchor: 'left',
        ...(narrow
          ? { dx: -8, dy: -15, textAnchor: 'start' as const }
          : { dx: -10, textAnchor: 'end' as const }),
        text: (_, i) => names[i],
        stroke: role('paper'),
        strokeWidth: 4,
        fill: role('ink'),
      }),
      ...(hasReference ? referenceMarks(rows.filter((row) => row.reference !== undefined)) : []),
      ...ownMarks(rows),
      key(hasReference, marginLeft),
    ],
  })
}

function ownMarks(rows: readonly ComparedRow[]): Plot.Markish[] {
  const y = 'place'
  return [
    Plot.ruleY(rows, { y, x1: 'low', x2: 'high', stroke: series(3), strokeWidth: 2.5 }),
    Plot.dot(rows, { x: 'accuracy', y, r: 4.5, fill: series(3), stroke: role('paper'), title: sentence }),
    Plot.text(rows, {
      y,
      frameAnchor: 'right',
      dx: 60,
      textAnchor: 'end',
      fontVariant: 'tabular-nums',
      text: (d: ComparedRow) => percent(d.accuracy, 2),
    }),
  ]
}

/** A network's accuracy and interval, for the pointer. */
export const sentence = (d: ComparedRow) =>
  `${d.name}: ${percent(d.accuracy, 2)}, 95 % interval ${percent(d.low, 2)} to ${percent(d.high, 2)}`

function referenceMarks(rows: readonly ComparedRow[]): Plot.Markish[] {
  return [
    Plot.dot(rows, {
      x: 'reference',
      y: 'place',
      symbol: 'diamond',
      r: 4.5,
      stroke: series(0),
      strokeWidth: 1.75,
      fill: role('paper'),
      title: (d: ComparedRow) => `${d.name}, reference study: ${percent(d.reference ?? 0, 2)}`,
    }),
  ]
}

/** What the two marks mean, in one line above the drawing. */
function key(hasReference: boolean, marginLeft: number): Plot.Markish {
  const ours = { text: '● this study, 95 % interval', fill: series(3), dx: -marginLeft }
  const reference = { text: '◇ reference study', fill: series(0), dx: -marginLeft + 182 }
  return (hasReference ? [ours, reference] : [ours]).map(({ text, fill, dx }) =>
    Plot.text([text], {
      frameAnchor: 'top-left',
      dx,
      dy: -22,
      textAnchor: 'start',
      fill,
      text: (d: string) => d,
    }),
  )
}
