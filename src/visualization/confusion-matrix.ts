import * as Plot from '@observablehq/plot'
import { greatest } from '../base/extremes.ts'
import { ellipsis, integer, percent, textWidth } from './format.ts'
import { type Frame, plot } from './frame.ts'
import { inkStep, role } from './theme.ts'

/** One cell: images of class `truth` that were called `predicted`. */
export interface ConfusionCell {
  readonly truth: number
  readonly predicted: number
  readonly count: number
  /** Of the images whose true class this is. */
  readonly share: number
  readonly isHit: boolean
  /** The place on its ramp, 0 to 7. */
  readonly step: number
}

/** Where the steps of the two ramps begin. Mistakes are told apart where they are rare, hits where they are many. */
export const missThresholds = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4] as const
export const hitThresholds = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] as const

/** The number of thresholds that a share has reached. */
export const stepOf = (share: number, thresholds: readonly number[]) =>
  thresholds.filter((threshold) => share >= threshold).length

/** The cells of `confusion[truth][predicted]`, row by row. */
export function confusionCells(confusion: readonly (readonly number[])[]): ConfusionCell[] {
  return confusion.flatMap((row, truth) => {
    const total = row.reduce((a, b) => a + b, 0)
    return row.map((count, predicted) => {
      const share = total === 0 ? 0 : count / total
      const isHit = truth === predicted
      const step = stepOf(share, isHit ? hitThresholds : missThresholds)
      return { truth, predicted, count, share, isHit, step }
    })
  })
}

/** A pair of classes and how often the first was taken for the second. */
export type Confusion = Pick<ConfusionCell, 'truth' | 'predicted' | 'count' | 'share'>

/** The commonest mistakes, most first. */
export function commonConfusions(confusion: readonly (readonly number[])[], most: number): Confusion[] {
  return confusionCells(confusion)
    .filter((cell) => !cell.isHit && cell.count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted)
    .slice(0, most)
}

const gap = 1

/** How large a matrix of so many classes is drawn: cells stay large enough for their counts up to sixteen classes. */
export function confusionSize(classNames: readonly string[]): {
  width: number
  height: number
  cell: number
} {
  const cell = classNames.length <= 16 ? Math.max(30, Math.min(110, 360 / classNames.length)) : 17
  const side = cell * classNames.length
  const { left, top, right } = marginsFor(classNames)
  return { width: Math.ceil(side + left + right), height: Math.ceil(side * 0.86 + top + 24), cell }
}

function marginsFor(classNames: readonly string[]) {
  const size = classNames.length <= 16 ? 12 : 10
  const names = classNames.map((name) => ellipsis(name, 18))
  const longest = greatest(names.map((name) => textWidth(name, size)))
  const last = textWidth(names[names.length - 1], size)
  return { left: longest + 12, top: longest * 0.72 + 30, right: Math.max(4, last * 0.72 - 8), size, names }
}

/** Rows are the truth, columns what was said; blue cells are hits, orange ones mistakes, stronger the commoner. */
export function drawConfusionMatrix(
  document: Document,
  confusion: readonly (readonly number[])[],
  options: Pick<Frame, 'title' | 'description'> & { readonly classNames: readonly string[] },
) {
  const { classNames } = options
  const cells = confusionCells(confusion)
  const { width, height, cell } = confusionSize(classNames)
  const { left, top, right, size, names } = marginsFor(classNames)
  const classes = classNames.map((_, i) => i)
  return plot(
    document,
    { ...options, width, height },
    {
      marginTop: top,
      marginLeft: left,
      marginRight: right,
      marginBottom: 24,
      x: { domain: classes, padding: 0, axis: null },
      y: { domain: classes, padding: 0, axis: null },
      marks: [
        cellsMark(cells, classNames),
        ...(cell >= 24 ? [countsMark(cells, cell)] : []),
        Plot.text(classes, {
          ...beside,
          frameAnchor: 'left',
          y: (d) => d,
          text: (d) => names[d],
          fontSize: size,
        }),
        Plot.text(classes, {
          ...above,
          frameAnchor: 'top',
          x: (d) => d,
          text: (d) => names[d],
          fontSize: size,
        }),
        legend('rows: truth · columns: prediction'),
      ],
    },
  )
}

const beside = { dx: -8, textAnchor: 'end', fill: role('ink') } as const
const above = { dy: -7, dx: -3, rotate: -45, textAnchor: 'start', fill: role('ink') } as const

const legend = (text: string) =>
  Plot.text([text], {
    frameAnchor: 'bottom',
    dy: 18,
    fill: role('muted'),
    fontSize: 11,
    text: (d: string) => d,
  })

function cellsMark(cells: readonly ConfusionCell[], names: readonly string[]): Plot.Markish {
  return Plot.cell(cells, {
    x: 'predicted',
    y: 'truth',
    inset: gap / 2,
    fill: (d: ConfusionCell) => `var(--${d.isHit ? 'hit' : 'miss'}-${d.step})`,
    title: (d: ConfusionCell) =>
      `${names[d.truth]} ${d.isHit ? 'recognized' : `taken for ${names[d.predicted]}`}: ${integer(d.count)} (${percent(d.share)})`,
  })
}

/** Zero is left blank: absence is seen best as absence. */
function countsMark(cells: readonly ConfusionCell[], cell: number): Plot.Markish {
  const longest = greatest(cells.map((d) => textWidth(integer(d.count), 12)))
  return Plot.text(
    cells.filter((d) => d.count > 0),
    {
      x: 'predicted',
      y: 'truth',
      text: (d: ConfusionCell) => integer(d.count),
      fill: (d: ConfusionCell) => (d.step >= inkStep ? role('inkReversed') : role('ink')),
      fontSize: Math.min(12, (12 * (cell - 4)) / longest),
      fontVariant: 'tabular-nums',
      pointerEvents: 'none',
    },
  )
}
