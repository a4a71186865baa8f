import type { Box, Plane } from './picture.ts'

/** For each of `count` cells of a stretch of the source: the first source pixel and the weights from there on. */
interface Taps {
  readonly first: number
  readonly weights: readonly number[]
}

/**
 * Where a cell is larger than a source pixel it takes the mean of what it covers; where it is smaller, the line between the
 * two pixels around its middle. Beyond the source lies `undefined` territory: weights stop at its edge.
 */
function tapsOf(from: number, length: number, count: number, source: number): Taps[] {
  const step = length / count
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = step >= 1 ? [from + i * step, from + (i + 1) * step] : centered(from + (i + 0.5) * step)
    const first = Math.min(Math.max(Math.floor(a), 0), source - 1)
    const last = Math.min(Math.max(Math.ceil(b) - 1, first), source - 1)
    const covered = Array.from({ length: last - first + 1 }, (_, k) =>
      Math.max(0, Math.min(b, first + k + 1) - Math.max(a, first + k)),
    )
    const sum = covered.reduce((x, y) => x + y, 0)
    return {
      first,
      weights: sum > 0 ? covered.map((w) => w / sum) : covered.map((_, k) => (k === 0 ? 1 : 0)),
    }
  })
}

/** One source pixel wide around a middle: its coverage is linear interpolation. */
const centered = (middle: number) => [middle - 0.5, middle + 0.5]

/** A box of a plane at another size: area means where it shrinks, linear interpolation where it grows. */
export function resample(plane: Plane, box: Box, width: number, height: number): Plane {
  const isWhole = box.left === 0 && box.top === 0 && box.width === plane.width && box.height === plane.height
  if (isWhole && width === plane.width && height === plane.height) return plane
  const across = tapsOf(box.left, box.width, width, plane.width)
  const down = tapsOf(box.top, box.height, height, plane.height)
  const values = new Float32Array(width * height)
  const row = new Float32Array(width)
  let known = -1
  const narrow = (y: number) => {
    if (y === known) return
    known = y
    across.forEach(({ first, weights }, x) => {
      const from = y * plane.width + first
      let sum = 0
      for (let k = 0; k < weights.length; k++) sum += weights[k] * plane.values[from + k]
      row[x] = sum
    })
  }
  down.forEach(({ first, weights }, y) => {
    weights.forEach((w, k) => {
      narrow(first + k)
      for (let x = 0; x < width; x++) values[y * width + x] += w * row[x]
    })
  })
  return { width, height, values }
}

/** Rounded to bytes. */
export function bytesOf({ values }: Plane): Uint8Array {
  const bytes = new Uint8Array(values.length)
  for (let p = 0; p < bytes.length; p++) bytes[p] = Math.min(255, Math.max(0, Math.floor(values[p] + 0.5)))
  return bytes
}
