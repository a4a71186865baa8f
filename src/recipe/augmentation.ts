import { InputError } from '../base/errors.ts'
import type { Key } from '../base/random.ts'
import type { AugmentationAttributes } from '../model/compile.ts'
import type { Shape } from '../model/layer.ts'
import { boolean, type Complete, group, number, type Task } from './setting.ts'

const pixels = { whole: true, least: 1 }
const shorterSide = ([height, width]: Shape) => Math.min(height, width)
/** So many pixels, or the shorter side where that is less. */
const upTo =
  (most: number) =>
  ({ imageShape }: Task) =>
    Math.min(most, shorterSide(imageShape))

/** Erases a rectangle (Zhong et al., "Random erasing data augmentation", 2017). */
const erase = group(
  {
    probability: number(
      { least: 0, most: 1 },
      { required: true, usual: 0.25, label: 'probability', about: 'how often a rectangle is erased' },
    ),
    low: number(pixels, {
      ...{ default: upTo(3), label: 'shortest side', unit: 'pixel', isQuiet: true },
      about: 'the shortest side of the rectangle',
    }),
    high: number(pixels, {
      ...{ default: upTo(9), label: 'longest side', unit: 'pixel', isQuiet: true },
      about: 'the longest side of the rectangle',
    }),
  },
  { head: 'probability', searchable: true, label: 'erasing', about: 'erase a rectangle' },
)

/** How training images are varied, epoch by epoch; what happens to an image is drawn from (seed, epoch, image). */
export const augmentation = {
  flip: boolean({
    ...{ default: false, label: 'mirrored', searchable: true },
    about: 'mirror left and right with probability ½',
  }),
  translate: number(
    { whole: true, least: 0, most: 100 },
    {
      ...{ default: 0, usual: 2, label: 'moved by up to', unit: 'pixel', searchable: true },
      about: 'shift by up to this many pixels in each direction',
    },
  ),
  erase,
  fill: number(
    { whole: true, least: 0, most: 255 },
    {
      default: 0,
      label: 'filled with',
      flag: false,
      isQuiet: true,
      about: 'the byte of what comes into view or is erased',
    },
  ),
}
export type Augmentation = Complete<typeof augmentation>

/** Refuses what cannot be done to images of shape [height, width, channels]. */
export function checkAugmentation({ erase }: Augmentation, image: Shape): void {
  if (!erase || (erase.low <= erase.high && erase.high <= shorterSide(image))) return
  throw new InputError({
    at: 'augmentation: erase',
    expected: `sides of low to high pixels, at most ${shorterSide(image)}`,
    received: `${erase.low} to ${erase.high}`,
  })
}

/** What the engine is told of an augmentation, for images of shape [height, width, channels]. */
export function augmentationAttributes(
  { flip, translate, erase, fill }: Augmentation,
  image: Shape,
  key: Key,
): AugmentationAttributes {
  const [height, width, channels] = image
  const [key0, key1] = key.words
  return {
    ...{ height, width, channels, key0, key1, translate, fill },
    flip: flip ? 1 : 0,
    eraseThreshold: Math.min(2 ** 32 - 1, Math.floor((erase?.probability ?? 0) * 2 ** 32)),
    eraseLow: erase?.low ?? 1,
    eraseHigh: erase?.high ?? 1,
  }
}
