import type { Dataset } from '../../data/dataset.ts'
import { findDuplicates } from '../../data/duplicates.ts'
import { meanImages } from '../../data/explore.ts'
import { spriteOf } from './sprite.ts'

/** What is worked out once for a set. */
export function once<T>(work: (dataset: Dataset) => T) {
  const known = new WeakMap<Dataset, { readonly value: T }>()
  return (dataset: Dataset): T => {
    const found = known.get(dataset) ?? { value: work(dataset) }
    known.set(dataset, found)
    return found.value
  }
}

/** Training images that are the same in every byte. */
export const duplicatesOf = once(({ train }) => findDuplicates(train))

/** How many pixels of the training images have each value: [256]. */
export const histogramOf = once(({ train }) => {
  const counts = new Array<number>(256).fill(0)
  for (const byte of train.pixels) counts[byte] += 1
  return counts
})

/** The mean image of each class, as a sprite. */
export const meansOf = once(({ train, classNames }) => {
  const means = meanImages(train, classNames)
  const { height, width, channels } = train
  const pixels = Uint8Array.from(
    means.flatMap(({ values }) => Array.from(values, (v) => Math.round(255 * v))),
  )
  return spriteOf({ count: means.length, height, width, channels, pixels })
})

/** The numbers of the training images of each class. */
export const positionsOf = once(({ train, classNames }) => {
  const positions = classNames.map((): number[] => [])
  train.labels.forEach((label, i) => {
    positions[label].push(i)
  })
  return positions
})
