import * as Plot from '@observablehq/plot'
import { ellipsis, integer, percent, textWidth } from '../../visualization/format.ts'
import { type Frame, heading, plot, quietX } from '../../visualization/frame.ts'
import { wholeTicks } from '../../visualization/labels.ts'
import { role } from '../../visualization/theme.ts'
import type { DoubledSoftmaxRun } from './record.ts'

/** How many images were given to a class after an epoch. */
export interface PredictedCell {
  readonly epoch: number
  readonly classNumber: number
  readonly count: number
  /** Of all images. */
  readonly share: number
  /** Of an even share: 1 where the class gets as many as every other. */
  readonly fairness: number
  readonly isDead: boolean
}

/** A cell for every class and epoch. */
export function predictedCells(predicted: DoubledSoftmaxRun['predicted']): PredictedCell[] {
  return predicted.flatMap(({ epoch, counts }) => {
    const total = counts.reduce((a, b) => a + b, 0)
    return counts.map((count, classNumber) => {
      const share = total === 0 ? 0 : count / total
      return { epoch, classNumber, count, share, fairness: share * counts.length, isDead: count === 0 }
    })
  })
}

/** The classes that no image was given to, epoch by epoch. */
export const deadByEpoch = (predicted: DoubledSoftmaxRun['predicted']) =>
  predicted.map(({ epoch, counts }) => ({
    epoch,
    dead: counts.flatMap((count, c) => (count === 0 ? [c] : [])),
  }))

/** The height that a number of classes wants. */
export const deadClassesHeight = (classes: number) => 34 + classes * 20 + 42

/** Shares of an even share at which the cells grow darker. */
const thresholds = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5]
const step = (fairness: number) => thresholds.filter((t) => fairness >= t).length

/** Classes by epochs: blue by how often a class is predicted, orange where it never is. */
export function drawDeadClasses(
  document: Document,
  cells: readonly PredictedCell[],
  options: Frame & { readonly heading: string; readonly classNames: readonly string[] },
) {
  const { classNames } = options
  const names = classNames.map((name) => ellipsis(name, 18))
  const epochs = [...new Set(cells.map((cell) => cell.epoch))]
  const last = epochs[epochs.length - 1] ?? 1
  const marginLeft = Math.max(...names.map((name) => textWidth(name, 12))) + 14
  return plot(document, options, {
    marginTop: 34,
    marginBottom: 42,
    marginLeft,
    marginRight: 4,
    x: { domain: epochs, type: 'band', padding: 0.06 },
    y: { domain: classNames.map((_, c) => c), type: 'band', padding: 0.08, axis: null },
    marks: [
      heading(options.heading, marginLeft),
      quietX({ ticks: wholeTicks(epochs[0] ?? 1, last), tickFormat: (d: number) => `${d}` }),
      Plot.text(['epoch'], { frameAnchor: 'bottom', dy: 34, fill: role('muted'), text: (d: string) => d }),
      Plot.cell(cells, {
        x: 'epoch',
        y: 'classNumber',
        fill: (d: PredictedCell) => (d.isDead ? 'var(--miss-5)' : `var(--hit-${step(d.fairness)})`),
        title: (d: PredictedCell) =>
          d.isDead
            ? `${classNames[d.classNumber]}: never predicted after epoch ${d.epoch}`
            : `${classNames[d.classNumber]}, epoch ${d.epoch}: ${integer(d.count)} images (${percent(d.share)})`,
      }),
      Plot.text(
        classNames.map((_, c) => c),
        {
          y: (d: number) => d,
          frameAnchor: 'left',
          dx: -8,
          textAnchor: 'end',
          text: (d: number) => names[d],
        },
      ),
    ],
  })
}
