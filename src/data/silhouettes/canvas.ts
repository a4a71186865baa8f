import type { Drawing } from './drawing.ts'
import type { Outline } from './geometry.ts'

/** How a drawing lies in the picture: its plane is turned, stretched and moved; the offsets are in the plane's units. */
export interface Pose {
  readonly cosine: number
  readonly sine: number
  readonly scaleX: number
  readonly scaleY: number
  readonly x: number
  readonly y: number
}

/** A painted drawing: brightness (0 where there is no cloth) and the share of each pixel that is cloth. */
export interface Canvas {
  readonly size: number
  readonly tone: Float64Array
  readonly cover: Float64Array
}

/** Room at both sides of a row for what a pose moves out of the picture. */
const MARGIN = 16

/** Paints the layers in order, each pixel by the exact share of it that an outline covers. */
export function paint(drawing: Drawing, pose: Pose, size: number): Canvas {
  const tone = new Float64Array(size * size)
  const cover = new Float64Array(size * size)
  const areas = new Float64Array((size + 2 * MARGIN) * size)
  for (const layer of drawing) {
    accumulateEdges(areas, place(layer.outline, pose, size), size)
    takeCoverage(areas, size, (p, share) => {
      const a = layer.type === 'detail' ? share * cover[p] : share
      tone[p] = tone[p] * (1 - a) + (layer.type === 'hole' ? 0 : layer.tone * a)
      cover[p] = layer.type === 'hole' ? cover[p] * (1 - a) : cover[p] + a * (1 - cover[p])
    })
  }
  return { size, tone, cover }
}

/** The outline in pixels, x and y in turn. */
function place(outline: Outline, { cosine, sine, scaleX, scaleY, x, y }: Pose, size: number): Float64Array {
  const placed = new Float64Array(2 * outline.length)
  for (const [i, point] of outline.entries()) {
    const [u, v] = [point[0] * scaleX, point[1] * scaleY]
    placed[2 * i] = ((u * cosine - v * sine + x + 1) * size) / 2
    placed[2 * i + 1] = ((u * sine + v * cosine + y + 1) * size) / 2
  }
  return placed
}

/**
 * Adds, for each row that an edge crosses, the change of covered area that it causes from one pixel to the next;
 * a running sum along the row is then the signed area. Levien's accumulation buffer (font-rs, 2016).
 */
function accumulateEdges(areas: Float64Array, points: Float64Array, size: number): void {
  const last = points.length - 2
  let [fromX, fromY] = [points[last], points[last + 1]]
  for (let i = 0; i <= last; i += 2) {
    const [toX, toY] = [points[i], points[i + 1]]
    if (fromY < toY) accumulateEdge(areas, fromX, fromY, toX, toY, 1, size)
    else if (fromY > toY) accumulateEdge(areas, toX, toY, fromX, fromY, -1, size)
    fromX = toX
    fromY = toY
  }
}

function accumulateEdge(
  areas: Float64Array,
  topX: number,
  topY: number,
  bottomX: number,
  bottomY: number,
  direction: number,
  size: number,
): void {
  const stride = size + 2 * MARGIN
  const slope = (bottomX - topX) / (bottomY - topY)
  const end = Math.min(size, bottomY)
  for (let row = Math.max(0, Math.floor(topY)); row < end; row++) {
    const [upper, lower] = [Math.max(row, topY), Math.min(row + 1, bottomY)]
    const height = (lower - upper) * direction
    const a = inside(topX + (upper - topY) * slope, stride)
    const b = inside(topX + (lower - topY) * slope, stride)
    const [x0, x1] = a < b ? [a, b] : [b, a]
    const first = Math.floor(x0)
    let before = 0
    for (let p = first; p < first + stride; p++) {
      // Share of the edge's height that lies left of the right side of pixel p, averaged over the pixel.
      const total = leftOf(p + 1, x0, x1) - leftOf(p, x0, x1)
      areas[row * stride + p] += height * (total - before)
      before = total
      if (p >= x1) break
    }
  }
}

/** ∫ over x up to `at` of the share of the edge from x0 to x1 that lies left of x. */
function leftOf(at: number, x0: number, x1: number): number {
  if (at <= x0) return 0
  if (at >= x1) return at - (x0 + x1) / 2
  return ((at - x0) * (at - x0)) / (2 * (x1 - x0))
}

function inside(x: number, stride: number): number {
  return Math.min(Math.max(x + MARGIN, 0), stride - 2)
}

/** Sums up the rows, hands over the covered share of each pixel of the picture, and clears the buffer. */
function takeCoverage(areas: Float64Array, size: number, take: (pixel: number, share: number) => void): void {
  const stride = size + 2 * MARGIN
  for (let row = 0; row < size; row++) {
    let sum = 0
    for (let p = 0; p < MARGIN + size; p++) {
      sum += areas[row * stride + p]
      const share = Math.min(1, Math.abs(sum))
      if (p >= MARGIN && share > 1e-9) take(row * size + p - MARGIN, share)
    }
  }
  areas.fill(0)
}
