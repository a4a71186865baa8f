import { InputError } from '../base/errors.ts'
import type { LabeledImages } from './dataset.ts'
import { pixelsAt } from './images.ts'
import { split } from './split.ts'

/** The images at the given positions, in that order. */
export function take(images: LabeledImages, positions: Int32Array): LabeledImages {
  const labels = Uint8Array.from(positions, (from) => images.labels[from])
  return { ...images, count: positions.length, pixels: pixelsAt(images, positions), labels }
}

/** For sets that come in one piece: a fifth of each class becomes the test split, the same fifth each time. */
export function holdOut(
  images: LabeledImages,
  at: string,
  classNames?: readonly string[],
): { train: LabeledImages; test: LabeledImages } {
  const { train, test } = positionsOf(images, at, classNames)
  return { train: take(images, train), test: take(images, test) }
}

/** The positions of the images that stay and of those that are held out. */
export function positionsOf(
  labels: Pick<LabeledImages, 'labels'>,
  at: string,
  classNames?: readonly string[],
): Record<'train' | 'test', Int32Array> {
  try {
    const { train, validation } = split(labels, { validation: 0.2, seed: 1 }, classNames)
    return { train, test: validation }
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    const { expected, received } = cause.parts
    const hint = 'A fifth of each class is held out for the test, so a class needs about five images.'
    throw new InputError({ at, expected, ...(received && { received }), hint }, { cause })
  }
}
