import type { Box, Color, Colors, Plane } from './picture.ts'
import { resample } from './resample.ts'

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

/** Items are looked for on a grid of so many cells along its longer side: noise smaller than a cell averages out. */
const GRID = 112
/** Pieces smaller than this share of the largest are dust. */
const DUST = 0.02

/** The box around what stands out by more than `tolerance`; undefined where nothing does. */
export function findItem(distance: Plane, tolerance: number): Box | undefined {
  let view: Box = { left: 0, top: 0, width: distance.width, height: distance.height }
  // Twice, so that a small item in a large picture is measured as finely as a large one.
  for (let round = 0; round < 2; round++) {
    const found = findWithin(distance, view, tolerance)
    if (found === undefined) return undefined
    if (round === 1) return found
    const margin = 0.1 * Math.max(found.width, found.height) + 1
    const left = Math.max(0, Math.floor(found.left - margin))
    const top = Math.max(0, Math.floor(found.top - margin))
    const right = Math.min(distance.width, Math.ceil(found.left + found.width + margin))
    const bottom = Math.min(distance.height, Math.ceil(found.top + found.height + margin))
    view = { left, top, width: right - left, height: bottom - top }
  }
  return undefined
}

function findWithin(distance: Plane, view: Box, tolerance: number): Box | undefined {
  const scale = Math.max(1, Math.max(view.width, view.height) / GRID)
  const [columns, rows] = [
    Math.max(1, Math.round(view.width / scale)),
    Math.max(1, Math.round(view.height / scale)),
  ]
  const grid = resample(distance, view, columns, rows)
  const pieces = piecesOf(grid, tolerance)
  const largest = Math.max(0, ...pieces.map(({ cells }) => cells))
  const kept = pieces.filter(({ cells }) => cells >= DUST * largest)
  if (kept.length === 0) return undefined
  const [left, top] = [Math.min(...kept.map((p) => p.left)), Math.min(...kept.map((p) => p.top))]
  const [right, bottom] = [Math.max(...kept.map((p) => p.right)), Math.max(...kept.map((p) => p.bottom))]
  const [cellWidth, cellHeight] = [view.width / columns, view.height / rows]
  return {
    left: view.left + left * cellWidth,
    top: view.top + top * cellHeight,
    width: (right + 1 - left) * cellWidth,
    height: (bottom + 1 - top) * cellHeight,
  }
}

/** Cells that hang together, corners included, and the rectangle around them. */
interface Piece {
  readonly cells: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function piecesOf({ width, height, values }: Plane, tolerance: number): Piece[] {
  const seen = new Uint8Array(values.length)
  const pieces: Piece[] = []
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || values[start] <= tolerance) continue
    let [cells, left, top, right, bottom] = [0, width, height, 0, 0]
    const open = [start]
    seen[start] = 1
    for (let p = open.pop(); p !== undefined; p = open.pop()) {
      const [x, y] = [p % width, Math.floor(p / width)]
      cells += 1
      ;[left, right] = [Math.min(left, x), Math.max(right, x)]
      ;[top, bottom] = [Math.min(top, y), Math.max(bottom, y)]
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const n = ny * width + nx
          if (seen[n] || values[n] <= tolerance) continue
          seen[n] = 1
          open.push(n)
        }
      }
    }
    pieces.push({ cells, left, top, right, bottom })
  }
  return pieces
}
