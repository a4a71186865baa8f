import { type Backdrop, type Color, type Colors, luma, type Picture } from './picture.ts'

const WHITE: Color = [255, 255, 255]
const BLACK: Color = [0, 0, 0]
/** Fringe and inside differ by less than this, 0 to 255: the fringe tells nothing. */
const TELLING = 12

/** Mean lightness, 0 to 255, of what is seen of a cut-out, and how much lighter its rim is than its inside. */
interface Fringe {
  readonly mean: number
  readonly difference: number
}

function fringeOf({ width, height, data }: Picture): Fringe {
  let [rim, rimWeight, inside, insideWeight] = [0, 0, 0, 0]
  const alphaAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 255 : data[4 * (y * width + x) + 3]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x)
      const alpha = data[at + 3]
      if (alpha === 0) continue
      const light = alpha * luma([data[at], data[at + 1], data[at + 2]])
      const isRim =
        alpha < 128 ||
        Math.min(alphaAt(x - 1, y), alphaAt(x + 1, y), alphaAt(x, y - 1), alphaAt(x, y + 1)) < 128
      if (isRim) {
        rim += light
        rimWeight += alpha
      } else {
        inside += light
        insideWeight += alpha
      }
    }
  }
  return {
    mean: (rim + inside) / (rimWeight + insideWeight),
    difference: rimWeight && insideWeight ? rim / rimWeight - inside / insideWeight : 0,
  }
}

/**
 * The ground that a cut-out comes from, as its fringe betrays it: darker at its rim than inside, it was cut from a dark
 * one. Undefined where the fringe tells nothing.
 */
export function groundOf(picture: Picture): 'dark' | 'light' | undefined {
  const { difference } = fringeOf(picture)
  if (Math.abs(difference) < TELLING) return undefined
  return difference < 0 ? 'dark' : 'light'
}

/** What to lay behind a transparent picture: the ground that it comes from, or else the one from which it stands out. */
function backdropByFringe(picture: Picture): Color {
  const { mean, difference } = fringeOf(picture)
  if (Math.abs(difference) >= TELLING) return difference < 0 ? BLACK : WHITE
  return mean > 127.5 ? BLACK : WHITE
}

/** The picture without transparency, laid over a backdrop. */
export function composite(picture: Picture, over: Backdrop): Colors {
  const { width, height, data } = picture
  const isByFringe = over === 'fringe' && !isOpaque(picture)
  const backdrop = isByFringe ? backdropByFringe(picture) : over === 'black' ? BLACK : WHITE
  const channels = [0, 1, 2].map((c) => {
    const values = new Float32Array(width * height)
    for (let p = 0; p < values.length; p++) {
      const alpha = data[4 * p + 3]
      values[p] =
        alpha === 255 ? data[4 * p + c] : backdrop[c] + ((data[4 * p + c] - backdrop[c]) * alpha) / 255
    }
    return values
  })
  return { width, height, channels: channels as unknown as Colors['channels'] }
}

function isOpaque({ data }: Picture): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false
  return true
}
