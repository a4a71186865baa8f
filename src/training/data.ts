import type { Dataset } from '../data/dataset.ts'
import type { Split } from '../data/split.ts'
import type { ModelSpec } from '../model/spec.ts'
import type { Task } from '../recipe/setting.ts'

/** Images to learn from: those numbered in `train` are learned, those in `validation` watched. */
export interface TrainingData {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Bytes of shape [images, height, width, channels]. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
  readonly classes: number
  readonly train: Int32Array
  readonly validation: Int32Array
}

/** What training needs of a dataset and a split of its training images. */
export function trainingData(
  { train: images, classNames }: Dataset,
  { train, validation }: Pick<Split, 'train' | 'validation'>,
): TrainingData {
  const { height, width, channels, pixels, labels } = images
  return { height, width, channels, pixels, labels, classes: classNames.length, train, validation }
}

/** What the defaults of a training may depend on. */
export const taskOf = (
  model: ModelSpec,
  { height, width, channels, train, classes }: TrainingData,
): Task => ({
  ...{ model, images: train.length, imageShape: [height, width, channels], classes },
})
