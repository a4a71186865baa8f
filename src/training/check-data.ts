import { InputError } from '../base/errors.ts'
import { typeName } from '../base/type-name.ts'
import type { TrainingData } from './data.ts'

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0

/** Refuses arrays that do not belong together, before anything is made of them; throws an InputError that names the one. */
export function checkTrainingData(data: TrainingData): void {
  const { height, width, channels, pixels, labels, classes } = data
  for (const [name, value] of Object.entries({ height, width, channels, classes })) {
    if (!isCount(value)) refuse(name, 'a whole number from 1', `${value}`)
  }
  for (const [name, value] of Object.entries({ pixels, labels })) {
    if (!(value instanceof Uint8Array)) refuse(name, 'a Uint8Array', typeName(value))
  }
  const size = height * width * channels
  if (pixels.length !== labels.length * size) {
    const shape = `[${labels.length}, ${height}, ${width}, ${channels}]`
    const hint = 'There is one label for each image.'
    refuse('pixels', `${labels.length * size} bytes of shape ${shape}`, `${pixels.length}`, hint)
  }
  const parts = { train: data.train, validation: data.validation }
  for (const [name, positions] of Object.entries(parts)) checkPart(name, positions, data)
  const isLearned = new Uint8Array(labels.length)
  for (const position of data.train) isLearned[position] = 1
  const both = data.validation.find((position) => isLearned[position] === 1)
  if (both !== undefined) {
    refuse(
      'validation',
      'images that are not learned from',
      `image ${both}, which is among those for training`,
    )
  }
}

/** The numbers of images in one part of a split, and their labels. */
function checkPart(name: string, positions: Int32Array, { labels, classes }: TrainingData): void {
  const hint = 'Give the numbers of images as an Int32Array: Int32Array.from([0, 1, 2]).'
  if (!(positions instanceof Int32Array))
    refuse(name, 'an Int32Array of image numbers', typeName(positions), hint)
  if (positions.length === 0) {
    refuse('data', 'images to train on and images to validate on', `none in ${name}`)
  }
  for (const position of positions) {
    if (position < 0 || position >= labels.length)
      refuse(name, `numbers of ${labels.length} images, from 0`, `${position}`)
    if (labels[position] >= classes) {
      const expected = `labels below the number of classes, ${classes}`
      refuse('labels', expected, `${labels[position]} for image ${position}, in ${name}`)
    }
  }
}

function refuse(at: string, expected: string, received: string, hint?: string): never {
  throw new InputError({ at, expected, received, ...(hint !== undefined && { hint }) })
}
