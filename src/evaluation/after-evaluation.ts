import type { LabeledImages } from '../data/dataset.ts'
import { writeIdxImages, writeIdxLabels } from '../data/idx.ts'
import { pixelsAt } from '../data/images.ts'
import { type Sealed, unseal } from '../data/sealed.ts'

/** Images of a test split by their numbers, to be looked at when a network was evaluated on them; unknown numbers are left out. */
export function imagesOf(test: Sealed, indices: readonly number[]): LabeledImages & { indices: number[] } {
  const images = unseal(test)
  const { count, height, width, channels, labels } = images
  const known = indices.filter((i) => Number.isInteger(i) && i >= 0 && i < count)
  const form = { height, width, channels }
  return {
    count: known.length,
    ...form,
    pixels: pixelsAt(images, known),
    labels: Uint8Array.from(known, (i) => labels[i]),
    indices: known,
  }
}

/** Numbers of the images of a test split that are of class `truth` and were given class `predicted`. */
export function cellOf(test: Sealed, predicted: readonly number[], truth: number, said: number): number[] {
  const { labels } = unseal(test)
  return predicted.flatMap((given, i) => (given === said && labels[i] === truth ? [i] : []))
}

/** A test split as IDX files, for another program that seals it again when it has read them: gray images only. */
export function handOver(test: Sealed): { readonly images: Uint8Array; readonly labels: Uint8Array } {
  const found = unseal(test)
  return { images: writeIdxImages(found), labels: writeIdxLabels(found.labels) }
}

/** The labels of a test split, to set networks beside each other that were evaluated on it. */
export const testLabels = (test: Sealed): Uint8Array => unseal(test).labels
