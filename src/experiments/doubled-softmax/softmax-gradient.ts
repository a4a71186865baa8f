import * as Plot from '@observablehq/plot'
import { percent } from '../../visualization/format.ts'
import { type Frame, heading, plot, quietX, quietY } from '../../visualization/frame.ts'
import { role, series } from '../../visualization/theme.ts'

/**
 * The loss of a perfect classifier whose probabilities are put through softmax a second time: ln(1 + (k − 1) / e),
 * since the second softmax sees one 1 and k − 1 zeros.
 */
export const doubledSoftmaxFloor = (classes: number) => Math.log(1 + (classes - 1) / Math.E)

/** How hard the loss pulls at the true class's logit when that class has this probability and the others share the rest. */
export interface SoftmaxGradientRow {
  /** Probability of the true class after the network's softmax. */
  readonly confidence: number
  /** −∂loss/∂logit with softmax once: 1 − p. */
  readonly once: number
  /** The same where the loss applies softmax again: p·(1 − p)·(1 − q_true + q_other), q = softmax(p). */
  readonly twice: number
}

/** The pull at one confidence, among so many classes. */
export function softmaxGradient(confidence: number, classes: number): SoftmaxGradientRow {
  const p = confidence
  const [eTrue, eOther] = [Math.exp(p), Math.exp((1 - p) / (classes - 1))]
  const total = eTrue + (classes - 1) * eOther
  return { confidence, once: 1 - p, twice: p * (1 - p) * (1 - eTrue / total + eOther / total) }
}

/** The pull from no confidence to all of it, in even steps. */
export function softmaxGradientRows(classes: number, steps = 200): SoftmaxGradientRow[] {
  return Array.from({ length: steps + 1 }, (_, i) => softmaxGradient(i / steps, classes))
}

/** The confidence at which the doubled softmax pulls hardest. */
export const hardestPull = (rows: readonly SoftmaxGradientRow[]) =>
  rows.reduce((most, row) => (row.twice > most.twice ? row : most))

const margins = { marginTop: 34, marginBottom: 42, marginLeft: 40, marginRight: 22 }

/** Two curves: a pull that is strongest where the network errs most, and one that is nothing there. */
export function drawSoftmaxGradient(document: Document, rows: readonly SoftmaxGradientRow[], frame: Frame) {
  const at = (confidence: number) => rows.filter((row) => row.confidence >= confidence).slice(0, 1)
  const line = (y: 'once' | 'twice', stroke: string) =>
    Plot.line(rows, { x: 'confidence', y, stroke, strokeWidth: 1.75 })
  const label = (text: string, y: 'once' | 'twice', confidence: number, fill: string) =>
    Plot.text(at(confidence), {
      x: 'confidence',
      y,
      text: () => text,
      dx: 8,
      dy: -9,
      textAnchor: 'start',
      fill,
    })
  return plot(document, frame, {
    ...margins,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [
      heading('Pull of the loss at the true class’s logit', margins.marginLeft),
      ...quietY({ ticks: 5, tickFormat: (d: number) => d.toFixed(1) }),
      quietX({ ticks: 5, tickFormat: (d: number) => percent(d, 0) }),
      Plot.text(['probability of the true class'], {
        frameAnchor: 'bottom',
        dy: 34,
        fill: role('muted'),
        text: (d: string) => d,
      }),
      line('once', series(3)),
      line('twice', series(0)),
      label('softmax once', 'once', 0.3, series(3)),
      label('softmax twice', 'twice', 0.36, series(0)),
    ],
  })
}
