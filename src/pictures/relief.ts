import type { Background } from './background.ts'
import { opaque } from './opaque.ts'
import { type Box, type Color, type Colors, luma, type Plane } from './picture.ts'

/** Share of the item's pixels that may lie off one line before it counts as a thing of its own colors. */
const MOST_OFF = 0.1

/** The item on black, brighter where it differs more from its ground, as the training data have it. */
export interface Relief extends Plane {
  /** `blend`: shades between the ground and one other color; `opaque`: colors of its own. */
  readonly kind: 'blend' | 'opaque'
  readonly isInverted: boolean
}

/**
 * Takes the ground away. Where all colors of the item lie on one ray from the ground's (gray on black, ink on paper, red
 * fading into white), a pixel's value is how far it is along the ray to its end in the cube of colors, 0 to 255: a gray
 * picture on black stays as it is, one on white is inverted. Else the item has colors of its own (`opaque`).
 */
export function relief(
  colors: Colors,
  { color }: Background,
  { distance, tolerance, box }: { readonly distance: Plane; readonly tolerance: number; readonly box: Box },
): Relief {
  const item = pixelsWithin(distance, box, tolerance)
  const ray = direction(colors, color, item, distance)
  if (shareOff(colors, color, item, ray, tolerance) > MOST_OFF)
    return { ...opaque(colors, color, { distance, tolerance, box, item }), kind: 'opaque' }
  const end = lengthInCube(color, ray)
  const values = new Float32Array(distance.values.length)
  for (let p = 0; p < values.length; p++) {
    values[p] = Math.min(255, Math.max(0, (255 * along(colors, p, color, ray)) / end))
  }
  return { ...distance, values, kind: 'blend', isInverted: luma(ray) < 0 }
}

function pixelsWithin({ width, height, values }: Plane, box: Box, tolerance: number): number[] {
  const found: number[] = []
  const [right, bottom] = [Math.min(width, box.left + box.width), Math.min(height, box.top + box.height)]
  for (let y = Math.floor(box.top); y < bottom; y++)
    for (let x = Math.floor(box.left); x < right; x++) {
      const p = y * width + x
      if (values[p] > tolerance) found.push(p)
    }
  return found
}

/** The mean direction from the ground's color to the item's, of length 1. */
function direction({ channels }: Colors, from: Color, item: readonly number[], distance: Plane): Color {
  const [red, green, blue] = channels.map((values, c) => {
    let sum = 0
    for (const p of item) sum += (values[p] - from[c]) * distance.values[p]
    return sum
  })
  const length = Math.sqrt(red * red + green * green + blue * blue) || 1
  return [red / length, green / length, blue / length]
}

const along = ({ channels }: Colors, p: number, from: Color, ray: Color) =>
  (channels[0][p] - from[0]) * ray[0] +
  (channels[1][p] - from[1]) * ray[1] +
  (channels[2][p] - from[2]) * ray[2]

/** The share of the item's pixels that lie beside the ray or behind its beginning. */
function shareOff(
  colors: Colors,
  from: Color,
  item: readonly number[],
  ray: Color,
  tolerance: number,
): number {
  const [r, g, b] = colors.channels
  let off = 0
  for (const p of item) {
    const t = along(colors, p, from, ray)
    const beside = Math.max(
      Math.abs(r[p] - from[0] - t * ray[0]),
      Math.abs(g[p] - from[1] - t * ray[1]),
      Math.abs(b[p] - from[2] - t * ray[2]),
    )
    if (t < 0 || beside > Math.max(2 * tolerance, 0.2 * t)) off += 1
  }
  return off / Math.max(1, item.length)
}

/** How far one can go from a color along a direction before a channel reaches 0 or 255. */
function lengthInCube(from: Color, ray: Color): number {
  const lengths = ray.map((step, c) =>
    step > 1e-3 ? (255 - from[c]) / step : step < -1e-3 ? -from[c] / step : 1e9,
  )
  return Math.max(1, Math.min(...lengths))
}
