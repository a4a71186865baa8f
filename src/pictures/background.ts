import type { Color, Colors, Plane } from './picture.ts'

/** Levels of a channel that fall into one class of the first count. */
const COARSE = 32
/** Border pixels nearer than this to the commonest color belong to the background. */
const NEAR = 40

/** What lies behind the item: its color, and how far from it, 0 to 255, its own pixels stray. */
export interface Background {
  readonly color: Color
  readonly stray: number
}

/** The largest difference of a channel from a color. */
const distance = ({ channels: [red, green, blue] }: Colors, p: number, [r, g, b]: Color) =>
  Math.max(Math.abs(red[p] - r), Math.abs(green[p] - g), Math.abs(blue[p] - b))

/** The pixels of the outermost ring. */
function border({ width, height }: Colors): number[] {
  const found: number[] = []
  for (let x = 0; x < width; x++) found.push(x, (height - 1) * width + x)
  for (let y = 1; y < height - 1; y++) found.push(y * width, y * width + width - 1)
  return found
}

function meanColor({ channels }: Colors, pixels: readonly number[]): Color {
  const mean = (values: Float32Array) => pixels.reduce((sum, p) => sum + values[p], 0) / pixels.length
  return [mean(channels[0]), mean(channels[1]), mean(channels[2])]
}

/** The commonest color of the border: an item may touch it, and on Fashion-MNIST does, but seldom covers most of it. */
export function findBackground(colors: Colors): Background {
  const ring = border(colors)
  const classes = new Map<number, number[]>()
  for (const p of ring) {
    const [r, g, b] = colors.channels.map((values) => Math.round(values[p] / COARSE))
    const name = (r * 9 + g) * 9 + b
    const members = classes.get(name)
    if (members === undefined) classes.set(name, [p])
    else members.push(p)
  }
  const largest = [...classes.values()].reduce((a, b) => (b.length > a.length ? b : a))
  let color = meanColor(colors, largest)
  let members: readonly number[] = largest
  for (let round = 0; round < 3; round++) {
    const near = ring.filter((p) => distance(colors, p, color) < NEAR)
    if (near.length === 0) break
    members = near
    color = meanColor(colors, members)
  }
  const strays = members.map((p) => distance(colors, p, color)).sort((a, b) => a - b)
  return { color, stray: strays[Math.floor(0.9 * (strays.length - 1))] }
}

/** How far each pixel is from the background, 0 to 255: the largest difference of a channel. */
export function distanceFrom(colors: Colors, { color }: Background): Plane {
  const { width, height } = colors
  const values = new Float32Array(width * height)
  const [red, green, blue] = colors.channels
  const [r, g, b] = color
  for (let p = 0; p < values.length; p++)
    values[p] = Math.max(Math.abs(red[p] - r), Math.abs(green[p] - g), Math.abs(blue[p] - b))
  return { width, height, values }
}
