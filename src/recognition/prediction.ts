import { argmax } from '../base/argmax.ts'
import { soften } from '../evaluation/temperature.ts'

/** What a network says of one image. */
export interface Prediction {
  readonly className: string
  /** The number of the class. */
  readonly label: number
  /** Of this class. */
  readonly probability: number
  /** Of every class, in the order of `classNames`. */
  readonly probabilities: readonly number[]
  /** Whether the probability reaches the threshold that was fitted on validation. */
  readonly isSure: boolean
}

/** What of a classifier turns a network's probabilities into a prediction. */
interface Calibrated {
  readonly classNames: readonly string[]
  readonly temperature: number
  readonly threshold: number
}

/** The prediction that a network's probabilities of one image amount to. */
export function predictionOf(
  given: ArrayLike<number>,
  { classNames, temperature, threshold }: Calibrated,
): Prediction {
  const probabilities = soften(given, temperature)
  const label = argmax(probabilities, 0, probabilities.length)
  const probability = probabilities[label]
  return { className: classNames[label], label, probability, probabilities, isSure: probability >= threshold }
}
