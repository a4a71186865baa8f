import * as Plot from '@observablehq/plot'
import type { ComparisonRecord } from '../../record/comparison.ts'
import { ellipsis, signed, textWidth } from '../../visualization/format.ts'
import { type Frame, plot } from '../../visualization/frame.ts'
import { inkStep, role } from '../../visualization/theme.ts'

/** Two classifiers of a comparison, the better one first. Places count from 0 in the order of accuracy. */
export interface PairCell {
  readonly better: number
  readonly worse: number
  /** How far the better one is ahead, in percentage points. */
  readonly points: number
  /** Whether chance is ruled out, after Holm's correction. */
  readonly distinguishable: boolean
  /** The place on its ramp, 0 to 7. */
  readonly step: number
}

/** Where the steps of the ramp begin, in percentage points. */
const thresholds = [0.5, 1, 2, 3, 5, 10, 20] as const

/** The names of a comparison, the most accurate first. */
export const ranking = ({ classifiers }: ComparisonRecord): string[] =>
  [...classifiers].sort((a, b) => b.accuracy - a.accuracy).map(({ name }) => name)

/** Every pair of a comparison, by the places of the ranking. */
export function pairCells(comparison: ComparisonRecord): PairCell[] {
  const place = new Map(ranking(comparison).map((name, i) => [name, i]))
  return comparison.pairs.map(({ a, b, difference, distinguishable }) => {
    const [i, j] = [place.get(a)!, place.get(b)!]
    const points = Math.abs(100 * difference)
    const step = thresholds.filter((threshold) => points >= threshold).length
    return { better: Math.min(i, j), worse: Math.max(i, j), points, distinguishable, step }
  })
}

const names = (titles: readonly string[], most: number) =>
  titles.map((title, i) => `${ellipsis(title, most)}  ${i + 1}`)

/** The height of a matrix of so many classifiers at a width. */
export const pairMatrixHeight = (titles: readonly string[], width: number): number =>
  Math.round(40 + titles.length * Math.min(30, sideOf(titles, width) / titles.length))

const longest = (width: number) => (width < 500 ? 16 : 34)
const marginOf = (titles: readonly string[], width: number) =>
  14 + Math.max(...names(titles, longest(width)).map((name) => textWidth(name, 12)))
const sideOf = (titles: readonly string[], width: number) => width - marginOf(titles, width) - 8

/** Who is ahead of whom and by how much: a filled cell where chance is ruled out, ≈ where it is not. `titles` in the order of the ranking. */
export function drawPairMatrix(
  document: Document,
  cells: readonly PairCell[],
  titles: readonly string[],
  frame: Frame,
) {
  const places = titles.map((_, i) => i)
  const room = sideOf(titles, frame.width) / titles.length
  const real = cells.filter(({ distinguishable }) => distinguishable)
  const chance = cells.filter(({ distinguishable }) => !distinguishable)
  const at = { x: 'better', y: 'worse' }
  const label = names(titles, longest(frame.width))
  const told = (d: PairCell) =>
    d.distinguishable
      ? `${titles[d.better]} is ${signed(d.points, 2)} points ahead of ${titles[d.worse]}`
      : `${titles[d.better]} and ${titles[d.worse]} cannot be told apart (${signed(d.points, 2)} points)`
  return plot(document, frame, {
    marginTop: 24,
    marginBottom: 10,
    marginLeft: marginOf(titles, frame.width),
    marginRight: 8,
    x: { domain: places, padding: 0, axis: null },
    y: { domain: places, padding: 0, axis: null },
    marks: [
      Plot.cell(real, { ...at, inset: 0.5, fill: (d: PairCell) => `var(--hit-${d.step})`, title: told }),
      Plot.cell(chance, { ...at, inset: 1, fill: role('paper'), stroke: role('rule'), title: told }),
      ...(room >= 30
        ? [Plot.text(real, { ...at, ...inCell, text: (d: PairCell) => d.points.toFixed(1) })]
        : []),
      Plot.text(chance, { ...at, ...inCell, fill: role('muted'), text: () => '≈' }),
      Plot.text(places, {
        frameAnchor: 'left',
        dx: -8,
        textAnchor: 'end',
        fill: role('ink'),
        y: (d) => d,
        text: (d) => label[d],
      }),
      Plot.text(places.slice(0, -1), {
        frameAnchor: 'top',
        dy: -10,
        fill: role('ink'),
        fontSize: room < 18 ? 9 : 12,
        x: (d) => d,
        text: (d) => String(d + 1),
      }),
    ],
  })
}

const inCell = {
  fill: (d: PairCell) => (d.step >= inkStep ? role('inkReversed') : role('ink')),
  fontSize: 11,
  fontVariant: 'tabular-nums',
  pointerEvents: 'none',
} as const
