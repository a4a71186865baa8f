import type { Images } from '../data/dataset.ts'
import { luma } from '../pictures/picture.ts'

type Color = readonly [number, number, number]

/** From the least to the most that a pixel matters. */
const embers: readonly [Color, Color] = [
  [178, 48, 0],
  [255, 226, 96],
]
/** Weights: negative, zero, positive. The two ends are the orange and the blue of every figure. */
const signs: readonly [Color, Color, Color] = [
  [168, 85, 20],
  [247, 245, 240],
  [16, 93, 157],
]

const mix = (a: Color, b: Color, share: number): Color => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
]

/** Pictures of three channels from a function of each pixel. */
function colored(
  { count, height, width }: Omit<Images, 'pixels' | 'channels'>,
  color: (pixel: number) => Color,
): Images {
  const pixels = new Uint8Array(count * height * width * 3)
  for (let i = 0; i < count * height * width; i++) {
    const [r, g, b] = color(i)
    pixels[3 * i] = Math.round(r)
    pixels[3 * i + 1] = Math.round(g)
    pixels[3 * i + 2] = Math.round(b)
  }
  return { count, height, width, channels: 3, pixels }
}

/** The same pictures in three channels; of four the last, which is opacity, is left out, of two the second. */
export function inColor(images: Images): Images {
  const { channels, pixels } = images
  const at = (pixel: number, c: number) => pixels[pixel * channels + (channels < 3 ? 0 : c)]
  return colored(images, (pixel) => [at(pixel, 0), at(pixel, 1), at(pixel, 2)])
}

/** Pictures with what matters glowing on them: `heat` has a byte for every pixel, 255 where it matters most. */
export function glowing(images: Images, heat: Uint8Array): Images {
  const { pixels } = inColor(images)
  return colored(images, (pixel) => {
    const gray = 0.5 * luma([pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2]])
    const share = (heat[pixel] ?? 0) / 255
    return mix([gray, gray, gray], mix(...embers, share), 0.9 * share)
  })
}

/** Weights as pictures: bytes below 127.5 in orange, above in blue, zero almost white. */
export function signed(weights: Omit<Images, 'channels'>): Images {
  const [negative, zero, positive] = signs
  return colored(weights, (pixel) => {
    const value = weights.pixels[pixel] / 127.5 - 1
    return mix(zero, value < 0 ? negative : positive, Math.abs(value))
  })
}

/** Columns between pictures that stand side by side. */
const GAP = 2

/** The first pictures of all sets side by side as one, then the second ones…, with a white line between. */
export function sideBySide(sets: readonly Images[]): Images {
  const [{ count, height, width, channels }] = sets
  const line = width * channels
  const total = sets.length * width + (sets.length - 1) * GAP
  const pixels = new Uint8Array(count * height * total * channels).fill(255)
  sets.forEach((set, k) => {
    for (let row = 0; row < count * height; row++) {
      const to = row * total * channels + k * (line + GAP * channels)
      pixels.set(set.pixels.subarray(row * line, (row + 1) * line), to)
    }
  })
  return { count, height, width: total, channels, pixels }
}
