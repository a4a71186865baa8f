import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import type { Key } from '../base/random.ts'
import type { AugmentationAttributes } from '../model/compile.ts'
import type { Shape } from '../model/layer.ts'

/** How training images are varied, epoch by epoch, as data; what happens to an image is drawn from (seed, epoch, image). */
export const augmentation = z.strictObject({
  /** Mirror left and right with probability ½. */
  flip: z.boolean().default(false),
  /** Move by up to so many pixels each way. */
  translate: z.number().int().min(0).default(0),
  /** Erase a rectangle (Zhong et al., "Random erasing", 2017): probability, and the lengths of its sides in pixels. */
  erase: z
    .strictObject({
      probability: z.number().min(0).max(1),
      low: z.number().int().positive().default(3),
      high: z.number().int().positive().default(9),
    })
    .optional(),
  /** The byte of what comes into view or is erased. */
  fill: z.number().int().min(0).max(255).default(0),
})
export type Augmentation = z.infer<typeof augmentation>

/** The attributes of `gatherAugmented` but for the two of preprocessing. */
export function augmentationAttributes(
  { flip, translate, erase, fill }: Augmentation,
  image: Shape,
  key: Key,
): AugmentationAttributes {
  const [height, width, channels] = image
  const shorter = Math.min(height, width)
  if (erase && !(erase.low <= erase.high && erase.high <= shorter)) {
    throw new InputError({
      at: 'augmentation: erase',
      expected: `sides of low to high pixels, at most ${shorter}`,
      received: `${erase.low} to ${erase.high}`,
    })
  }
  const [key0, key1] = key.words
  return {
    ...{ height, width, channels, key0, key1, translate, fill },
    flip: flip ? 1 : 0,
    eraseThreshold: Math.min(2 ** 32 - 1, Math.floor((erase?.probability ?? 0) * 2 ** 32)),
    eraseLow: erase?.low ?? 1,
    eraseHigh: erase?.high ?? 1,
  }
}
