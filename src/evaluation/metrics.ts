import { argmax } from '../base/argmax.ts'
import type { CalibrationRecord } from '../record/calibration.ts'

export { argmax }

/** How one class fared. Precision is TP / (TP + FP), recall TP / (TP + FN), F1 their harmonic mean; 0 where undefined. */
export interface ClassMetrics {
  readonly name: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Images whose true class this is. */
  readonly support: number
}

/** `confusion[truth][predicted]` counts images: shape [classes, classes]. */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < truth.length; i++) matrix[truth[i]][predicted[i]] += 1
  return matrix
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole)

/** Precision, recall, F1 and support of every class of a confusion matrix. */
export function classMetrics(
  confusion: readonly (readonly number[])[],
  names: readonly string[],
): ClassMetrics[] {
  return names.map((name, c) => {
    const hits = confusion[c][c]
    const support = confusion[c].reduce((a, b) => a + b, 0)
    const claimed = confusion.reduce((sum, row) => sum + row[c], 0)
    const precision = ratio(hits, claimed)
    const recall = ratio(hits, support)
    return { name, precision, recall, f1: ratio(2 * precision * recall, precision + recall), support }
  })
}

/** The share of the matrix that lies on its diagonal. */
export function accuracyOf(confusion: readonly (readonly number[])[]): number {
  const total = confusion.flat().reduce((a, b) => a + b, 0)
  return ratio(
    confusion.reduce((sum, row, c) => sum + row[c], 0),
    total,
  )
}

/** A wrong prediction, by the probability that the network gave to the wrong class. */
export interface Mistake {
  /** The image's number in the evaluated split. */
  readonly index: number
  readonly truth: number
  readonly predicted: number
  readonly probability: number
}

/** The mistakes of which the network was surest, surest first; ties by image number. Probabilities: [count, classes]. */
export function worstMistakes(
  truth: ArrayLike<number>,
  probabilities: Float32Array,
  classes: number,
  most: number,
): Mistake[] {
  const mistakes: Mistake[] = []
  for (let index = 0; index < truth.length; index++) {
    const predicted = argmax(probabilities, index * classes, classes)
    if (predicted !== truth[index]) {
      mistakes.push({
        index,
        truth: truth[index],
        predicted,
        probability: probabilities[index * classes + predicted],
      })
    }
  }
  return mistakes.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, most)
}

/** What evaluation finds on one split; loss is the mean cross-entropy in nats. */
export interface Evaluation {
  readonly split: 'test' | 'validation'
  readonly count: number
  readonly loss: number
  readonly accuracy: number
  readonly perClass: readonly ClassMetrics[]
  readonly confusion: readonly (readonly number[])[]
  readonly worst: readonly Mistake[]
  /** How honest its probabilities are, where something was fitted on validation. */
  readonly calibration?: CalibrationRecord | undefined
}
