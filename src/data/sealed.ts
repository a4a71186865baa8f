import type { LabeledImages } from './images.ts'

/**
 * A test split under seal. Training and search can see how large it is and how its classes are spread, as anybody may,
 * but neither its images nor which label belongs to which. Only `evaluation/` may call `unseal`, and only `data/audit/`
 * `unsealForAudit` (a test reads the imports).
 */
export interface Sealed {
  readonly count: number
  /** Number of images of each class: shape [classes]. */
  readonly classCounts: readonly number[]
}

const contents = new WeakMap<Sealed, LabeledImages>()

/** Puts labeled images under seal. */
export function seal(images: LabeledImages, classes: number): Sealed {
  const classCounts = new Array<number>(classes).fill(0)
  for (const label of images.labels) classCounts[label] += 1
  const sealed: Sealed = Object.freeze({ count: images.count, classCounts: Object.freeze(classCounts) })
  contents.set(sealed, images)
  return sealed
}

/** Breaks the seal: for the final evaluation alone. */
export const unseal = (sealed: Sealed): LabeledImages => contentsOf(sealed)

/** Looks under the seal for faults of the set itself: copies of training images, say. Nothing is fitted to what it shows. */
export const unsealForAudit = (sealed: Sealed): LabeledImages => contentsOf(sealed)

function contentsOf(sealed: Sealed): LabeledImages {
  const images = contents.get(sealed)
  if (images === undefined) throw new Error('This test split was not made by seal().')
  return images
}
