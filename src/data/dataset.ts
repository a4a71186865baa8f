import type { PictureForm } from '../pictures/form.ts'
import type { LabeledImages } from './images.ts'
import type { Sealed } from './sealed.ts'

export type { Images, LabeledImages } from './images.ts'

/** A named set with its training images and its sealed test images. */
export interface Dataset {
  /** The source as the user wrote it: `fashion-mnist`, `idx:DIR`… */
  readonly source: string
  /** The name for titles: `Fashion-MNIST`. */
  readonly title: string
  readonly classNames: readonly string[]
  readonly train: LabeledImages
  readonly test: Sealed
  /** How its pictures were prepared: what every other picture is brought to for a network that was trained on it. */
  readonly form: PictureForm
  /** What was left out on reading and why, a sentence each. */
  readonly notes: readonly string[]
  /** SHA-256, hex, of the sizes, pixels and labels of train and test: the same content has the same hash. */
  readonly hash: string
}
