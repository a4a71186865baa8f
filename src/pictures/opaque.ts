import { groundOf } from './composite.ts'
import { type Box, type Color, type Colors, luma, type Plane } from './picture.ts'
import { resample } from './resample.ts'

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
export function opaque(colors: Colors, ground: Color, found: Found): Plane & { isInverted: boolean } {
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
