import { composite } from './backdrop.ts'
import { type ItemForm, itemForm, type PictureForm, wholeForm } from './form.ts'
import { distanceFrom, findBackground, findItem } from './item.ts'
import { luma, type Picture } from './picture.ts'

/** Images of one size, 8 bits a channel: pixel bytes of shape [count, height, width, channels]. */
export interface PixelArray {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Images that are looked at, evenly spread over all. */
const SAMPLE = 500
/** A ground this near to black or white, 0 to 255, is plain: a twentieth of the range. */
const PLAIN = 0.05 * 255
/** The share of images that must agree. */
const MOST = 0.98

/** Mean and standard deviation of values / 255, for each channel; exact but for the last rounding. */
export function pixelStatistics({
  pixels,
  channels,
}: PixelArray): Pick<PictureForm, 'mean' | 'standardDeviation'> {
  const count = pixels.length / channels
  const found = Array.from({ length: channels }, (_, c) => {
    const of = new Float64Array(256)
    for (let i = c; i < pixels.length; i += channels) of[pixels[i]] += 1
    const mean = of.reduce((sum, n, level) => sum + n * level, 0) / count
    const variance = of.reduce((sum, n, level) => sum + n * (level - mean) ** 2, 0) / count
    return { mean: mean / 255, deviation: Math.sqrt(variance) / 255 }
  })
  return { mean: found.map(({ mean }) => mean), standardDeviation: found.map(({ deviation }) => deviation) }
}

/**
 * The form of images that come as bytes. Gray ones of which nearly all show something on a plain black ground, or nearly
 * all on a plain white one, are items; all others are whole pictures.
 */
export function measureForm(images: PixelArray): PictureForm {
  const statistics = pixelStatistics(images)
  return measureItem(images, statistics) ?? wholeForm(images, statistics)
}

/** How an image shows its item. */
interface Sight {
  /** Of the ground, 0 to 255. */
  readonly light: number
  readonly longest: number
  /** How far from the middle of the image the item's box and its center of mass are, in pixels. */
  readonly box: number
  readonly mass: number
}

function measureItem(images: PixelArray, statistics: Partial<ItemForm>): ItemForm | undefined {
  if (images.channels !== 1) return undefined
  const count = Math.min(SAMPLE, images.count)
  const sights = Array.from({ length: count }, (_, k) =>
    look(imageAt(images, Math.floor((k * images.count) / count))),
  )
  const found = sights.filter((sight) => sight !== undefined)
  const dark = found.filter(({ light }) => light <= PLAIN)
  const bright = found.filter(({ light }) => light >= 255 - PLAIN)
  const ground = dark.length >= bright.length ? 'dark' : 'light'
  const plain = ground === 'dark' ? dark : bright
  if (plain.length === 0 || plain.length < MOST * found.length) return undefined
  const middle = (of: (sight: Sight) => number) => median(plain.map(of))
  return itemForm(images, {
    ...statistics,
    ground,
    longest: Math.max(1, Math.round(middle(({ longest }) => longest))),
    center: middle(({ mass }) => mass) < middle(({ box }) => box) ? 'mass' : 'box',
  })
}

/** The lower one of the two in the middle where their number is even. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]
}

function imageAt({ width, height, pixels }: PixelArray, i: number): Picture {
  const size = width * height
  const data = new Uint8Array(4 * size).fill(255)
  for (let p = 0; p < size; p++) data[4 * p] = data[4 * p + 1] = data[4 * p + 2] = pixels[i * size + p]
  return { width, height, data }
}

/** What stands out from an image's ground; undefined where nothing does. */
function look(picture: Picture): Sight | undefined {
  const { width, height } = picture
  const colors = composite(picture, 'white')
  const background = findBackground(colors)
  const distance = distanceFrom(colors, background)
  const box = findItem(distance, Math.max(PLAIN, background.stray))
  if (box === undefined) return undefined
  let [x, y, sum] = [0, 0, 0]
  for (let p = 0; p < distance.values.length; p++) {
    x += distance.values[p] * ((p % width) + 0.5)
    y += distance.values[p] * (Math.floor(p / width) + 0.5)
    sum += distance.values[p]
  }
  const off = (a: number, b: number) => Math.sqrt((a - width / 2) ** 2 + (b - height / 2) ** 2)
  return {
    light: luma(background.color),
    longest: Math.max(box.width, box.height),
    box: off(box.left + box.width / 2, box.top + box.height / 2),
    mass: off(x / sum, y / sum),
  }
}
