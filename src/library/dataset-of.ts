import { InputError, ShapeError } from '../base/errors.ts'
import { typeName } from '../base/type-name.ts'
import { assemble } from '../data/assemble.ts'
import type { Dataset, LabeledImages } from '../data/dataset.ts'

/** Images and their classes as a program has them. */
export interface Arrays {
  /** Bytes of shape [count, height, width, channels], one image after another. */
  readonly pixels: Uint8Array
  /** A whole number from 0 for each image: shape [count]. */
  readonly labels: ArrayLike<number>
}

/** Images of one size and their classes, with what else a dataset says of itself. */
export interface DatasetArrays extends Arrays {
  /** [height, width, channels] of one image; channels are 1 (gray) or 3 (red, green, blue). */
  readonly shape: readonly [height: number, width: number, channels: number]
  /** The names of the classes, in the order of their numbers; the numbers themselves unless told otherwise. */
  readonly classNames?: readonly string[] | undefined
  /** Images to test on, once all is decided; none unless given. */
  readonly test?: Arrays | undefined
  /** As titles have it; "own images" unless told otherwise. */
  readonly title?: string | undefined
}

/**
 * A dataset of arrays of one's own, for `train`, `explore`, `split` and what else takes one. Throws an InputError or a
 * ShapeError that names the array which does not fit.
 *
 * ```ts
 * const data = datasetOf({ pixels, labels, shape: [32, 32, 3], classNames: ['cat', 'dog'] })
 * ```
 */
export function datasetOf({
  shape,
  classNames,
  test,
  title = 'own images',
  ...arrays
}: DatasetArrays): Dataset {
  checkShape(shape)
  const train = imagesOf(arrays, shape, 'data')
  const tested =
    test === undefined ? { ...train, count: 0, pixels: none, labels: none } : imagesOf(test, shape, 'test')
  const names = classNames ?? Array.from({ length: 1 + greatestOf(train.labels) }, (_, c) => `${c}`)
  return assemble({ source: 'memory', title, classNames: names, train, test: tested })
}

const none = new Uint8Array(0)

/** Labeled images of arrays; `at` names their place in errors. */
export function imagesOf(
  { pixels, labels }: Arrays,
  shape: DatasetArrays['shape'],
  at: string,
): LabeledImages {
  const [height, width, channels] = shape
  const size = height * width * channels
  if (!(pixels instanceof Uint8Array)) {
    const received = typeName(pixels)
    const hint = 'Numbers from 0 to 1 are bytes once they are multiplied by 255 and rounded.'
    throw new InputError({ at: `${at}: pixels`, expected: 'a Uint8Array', received, hint })
  }
  const count = labels?.length
  if (!Number.isSafeInteger(count) || pixels.length !== count * size) {
    throw new ShapeError({
      at: `${at}: pixels`,
      expected: `bytes of shape [${count ?? 'count'}, ${shape.join(', ')}] and a label for each image`,
      received: `${pixels.length} bytes${count === undefined ? ' and no labels' : ''}`,
    })
  }
  if (count === 0) throw new InputError({ at, expected: 'at least one image', received: 'none' })
  return {
    count,
    height,
    width,
    channels,
    pixels,
    labels: Uint8Array.from(labels, (label, i) => classOf(label, i, at)),
  }
}

function classOf(label: unknown, i: number, at: string): number {
  if (Number.isInteger(label) && (label as number) >= 0 && (label as number) <= 255) return label as number
  const expected = 'numbers of classes, whole from 0 to 255'
  throw new InputError({ at: `${at}: labels`, expected, received: `${label} for image ${i}` })
}

function checkShape(shape: unknown): void {
  const isShape =
    Array.isArray(shape) &&
    shape.length === 3 &&
    shape.every((side) => Number.isSafeInteger(side) && side > 0) &&
    (shape[2] === 1 || shape[2] === 3)
  if (isShape) return
  throw new ShapeError({
    at: 'shape',
    expected: '[height, width, channels] of one image, with 1 or 3 channels',
    received: Array.isArray(shape) ? `[${shape.join(', ')}]` : typeof shape,
    ...(Array.isArray(shape) && (shape[0] === 1 || shape[0] === 3) && { hint: 'Channels come last.' }),
  })
}

const greatestOf = (labels: Uint8Array) => labels.reduce((most, label) => Math.max(most, label), 0)
