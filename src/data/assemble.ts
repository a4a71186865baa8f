import { InputError } from '../base/errors.ts'
import { int32Bytes, sha256Hex } from '../base/hash.ts'
import type { PictureForm } from '../pictures/form.ts'
import { type FormWish, wished } from '../pictures/form-wish.ts'
import { measureForm, pixelStatistics } from '../pictures/measure.ts'
import type { Dataset, Images, LabeledImages } from './dataset.ts'
import { knownForm } from './known-forms.ts'
import { seal } from './sealed.ts'

/** What a source has read, before it is believed. */
export interface Parts {
  readonly source: string
  readonly title: string
  readonly classNames: readonly string[]
  readonly train: LabeledImages
  readonly test: LabeledImages
  /** The form in which pictures were read; images that come as bytes have theirs by their content, or it is measured. */
  readonly form?: PictureForm
  /** What was asked for. */
  readonly wish?: FormWish
  /** What was left out and why. */
  readonly notes?: readonly string[]
}

/** The door that every source goes through: the parts fit each other, the test split is sealed, the content hashed. */
export function assemble({ source, title, classNames, train, test, notes = [], ...asked }: Parts): Dataset {
  checkClasses(source, classNames)
  checkLabels(`${source}, training labels`, train.labels, classNames.length)
  checkLabels(`${source}, test labels`, test.labels, classNames.length)
  if (sizeOf(train) !== sizeOf(test)) {
    throw new InputError({
      at: `${source}, test images`,
      expected: `the size of the training images, ${sizeOf(train)}`,
      received: sizeOf(test),
    })
  }
  const hash = sha256Hex(...contentOf(train), ...contentOf(test))
  const form = formOf(hash, { train, test, ...asked })
  return { source, title, classNames, train, test: seal(test, classNames.length), form, notes, hash }
}

/** Of the test images nothing is looked at but whether the whole is a set that is known. */
function formOf(
  hash: string,
  { train, test, form, wish = {} }: Pick<Parts, 'train' | 'test' | 'form' | 'wish'>,
): PictureForm {
  if (form !== undefined) return { ...form, ...pixelStatistics(train) }
  return wished(knownForm(hash, [train, test]) ?? measureForm(train), wish)
}

/** Puts images and labels together; `at` names their place in errors. */
export function label(images: Images, labels: Uint8Array, at: string): LabeledImages {
  if (images.count !== labels.length) {
    throw new InputError({
      at,
      expected: 'as many labels as images',
      received: `${images.count} images and ${labels.length} labels`,
      hint: 'The files may belong to different sets, or one of them was cut.',
    })
  }
  if (images.count === 0) throw new InputError({ at, expected: 'at least one image', received: 'none' })
  return { ...images, labels }
}

function checkClasses(at: string, names: readonly string[]): void {
  const { length } = names
  if (length < 2 || length > 256)
    throw new InputError({ at, expected: '2 to 256 classes', received: `${length}` })
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice === undefined) return
  throw new InputError({ at, expected: 'a name of its own for each class', received: `"${twice}" twice` })
}

function checkLabels(at: string, labels: Uint8Array, classes: number): void {
  const position = labels.findIndex((value) => value >= classes)
  if (position < 0) return
  throw new InputError({
    at,
    expected: `labels from 0 to ${classes - 1}`,
    received: `${labels[position]} at position ${position}`,
    hint: 'Labels count from 0; is the list of class names complete?',
  })
}

function sizeOf({ height, width, channels }: Images): string {
  return `${height}×${width}×${channels}`
}

function contentOf({ count, height, width, channels, pixels, labels }: LabeledImages): Uint8Array[] {
  return [int32Bytes([count, height, width, channels]), pixels, labels]
}
