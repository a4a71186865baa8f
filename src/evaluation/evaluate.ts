import { InputError } from '../base/errors.ts'
import type { LabeledImages } from '../data/dataset.ts'
import { type Sealed, unseal } from '../data/sealed.ts'
import { measure, type Network } from '../model/network.ts'
import {
  accuracyOf,
  argmax,
  classMetrics,
  confusionMatrix,
  type Evaluation,
  worstMistakes,
} from './metrics.ts'

/** How many of the worst mistakes an evaluation keeps. */
const WORST = 24

/** What a network says of some images: class probabilities, [count, classes], and the class numbers. */
export interface Predictions {
  readonly probabilities: Float32Array
  readonly predicted: Uint8Array
  readonly truth: Uint8Array
}

/** An evaluation and the predictions behind it. */
export interface Evaluated {
  readonly evaluation: Evaluation
  readonly predictions: Predictions
  /** The images that were evaluated, in order. */
  readonly images: LabeledImages
}

/** Evaluates a network on the images numbered in `order`. */
function evaluateImages(
  network: Network,
  images: LabeledImages,
  order: Int32Array,
  classNames: readonly string[],
  split: Evaluation['split'],
): { evaluation: Evaluation; predictions: Predictions } {
  const classes = classNames.length
  const probabilities = new Float32Array(order.length * classes)
  const { loss } = measure(
    network,
    { pixels: images.pixels, labels: images.labels, order },
    (start, batch) => {
      probabilities.set(batch, start * classes)
    },
  )
  const truth = Uint8Array.from(order, (image) => images.labels[image])
  const predicted = Uint8Array.from(order, (_, i) => argmax(probabilities, i * classes, classes))
  const confusion = confusionMatrix(truth, predicted, classes)
  const evaluation: Evaluation = {
    split,
    count: order.length,
    loss,
    accuracy: accuracyOf(confusion),
    perClass: classMetrics(confusion, classNames),
    confusion,
    worst: worstMistakes(truth, probabilities, classes, WORST),
  }
  return { evaluation, predictions: { probabilities, predicted, truth } }
}

/**
 * Opens the test split and evaluates a network on it: the last thing that is done with a network. `places` gives the
 * network's output for each class of the data, where it knows them in another order.
 */
export function evaluateOnTest(
  network: Network,
  test: Sealed,
  classNames: readonly string[],
  places?: readonly number[],
): Evaluated {
  if (test.count === 0) throw new InputError({ at: 'data', expected: 'test images', received: 'none' })
  const opened = unseal(test)
  const images = places ? { ...opened, labels: opened.labels.map((label) => places[label]) } : opened
  const order = Int32Array.from({ length: images.count }, (_, i) => i)
  return { ...evaluateImages(network, images, order, classNames, 'test'), images }
}

/** Evaluates a network on the validation images of a split. */
export function evaluateOnValidation(
  network: Network,
  images: LabeledImages,
  validation: Int32Array,
  classNames: readonly string[],
): Evaluated {
  return { ...evaluateImages(network, images, validation, classNames, 'validation'), images }
}
