import { groundOf } from './backdrop.ts'
import type { Background } from './item.ts'
import { type Box, type Color, type Colors, luma, type Plane } from './picture.ts'
import { resample } from './resample.ts'

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

/** A ground whose largest and smallest channel lie this far apart is colored: its color shows where it shines through. */
const COLORED = 24
/** An item that has more of the ground's color than this in itself does not let it be told from its rim. */
const MOST_ALIKE = 0.35
/** Cells along the longer side of an item in which its rim is compared with its inside. */
const CELLS = 28

/** Where the item is, and what of it. */
interface Found {
  readonly distance: Plane
  readonly tolerance: number
  readonly box: Box
  /** The pixels that stand out. */
  readonly item: readonly number[]
}

/**
 * An item with colors of its own on a ground of another: its luma, inverted where the ground is light, without what
 * shines through of the ground. On a colored ground the item's fringe says what it was taken from before, if it says so.
 */
function opaque(colors: Colors, ground: Color, found: Found): Plane & { isInverted: boolean } {
  const { width, height } = found.distance
  const isColored = Math.max(...ground) - Math.min(...ground) >= COLORED
  const share = (isColored && byColor(colors, ground, found)) || byDistance(found)
  const [r, g, b] = colors.channels
  const behind = luma(ground)
  const light = share.map((s, p) => Math.max(0, luma([r[p], g[p], b[p]]) - s * behind))
  const before = isColored ? groundBefore({ width, height, values: light }, share, found.box) : undefined
  const isInverted = before === undefined ? behind > 127.5 : before === 'light'
  const values = isInverted ? light.map((x, p) => Math.max(0, 255 * (1 - share[p]) - x)) : light
  return { width, height, values, isInverted }
}

/** How much of each pixel is ground, 0 to 1: all within half a tolerance of its color, none beyond one. */
const byDistance = ({ distance, tolerance }: Found) =>
  distance.values.map((d) => 1 - Math.min(1, Math.max(0, (2 * d) / tolerance - 1)))

/** The same by the ground's hue, which a gray item has nothing of; undefined where the item has much of it. */
function byColor({ channels: [r, g, b] }: Colors, ground: Color, found: Found): Float32Array | undefined {
  const behind = luma(ground)
  const hue = ground.map((x) => x - behind)
  const length = hue.reduce((sum, x) => sum + x * x, 0)
  const share = byDistance(found)
  let alike = 0
  for (const p of found.item) {
    const light = luma([r[p], g[p], b[p]])
    const dot = (r[p] - light) * hue[0] + (g[p] - light) * hue[1] + (b[p] - light) * hue[2]
    const s = Math.min(1, Math.max(0, dot / length))
    share[p] = Math.max(share[p], s)
    if (s > 0.5) alike += 1
  }
  return alike <= MOST_ALIKE * found.item.length ? share : undefined
}

/** The ground that the item was on before, by its fringe in coarse cells; undefined where it does not tell. */
function groundBefore(light: Plane, share: Float32Array, { left, top, width, height }: Box) {
  const cell = Math.max(width, height) / CELLS
  const around = { left: left - cell, top: top - cell, width: width + 2 * cell, height: height + 2 * cell }
  const [columns, rows] = [Math.round(around.width / cell), Math.round(around.height / cell)]
  const shares = resample({ ...light, values: share }, around, columns, rows).values
  const lights = resample(light, around, columns, rows).values
  const data = new Uint8Array(4 * columns * rows)
  shares.forEach((s, p) => {
    const alpha = 1 - s
    const own = alpha === 0 ? 0 : Math.min(255, lights[p] / alpha)
    data.set([own, own, own, 255 * alpha], 4 * p)
  })
  return groundOf({ width: columns, height: rows, data })
}
