import type { Dataset } from '../data/dataset.ts'
import type { Split, SplitOptions } from '../data/split.ts'
import type { DataRecord } from './manifest.ts'

/** A dataset with its training images split into those to learn from and those to validate on. */
export interface SplitDataset {
  readonly dataset: Dataset
  readonly split: Split
  readonly splitOptions: SplitOptions
}

/** The shape of images and the number of classes, as networks ask for them. */
export const sizesOf = ({ train, classNames }: Dataset) => ({
  imageShape: [train.height, train.width, train.channels],
  classes: classNames.length,
})

/** What a record says of the data. */
export function describeData({ dataset, split, splitOptions }: SplitDataset): DataRecord {
  const { source, title, hash, classNames, train, test, form } = dataset
  return {
    source,
    title,
    hash,
    classNames: [...classNames],
    height: train.height,
    width: train.width,
    channels: train.channels,
    form,
    split: {
      validation: splitOptions.validation,
      seed: splitOptions.seed,
      hash: split.hash,
      counts: { train: split.train.length, validation: split.validation.length, test: test.count },
    },
  }
}
