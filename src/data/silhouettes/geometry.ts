import { cosPi } from '../../base/elementary.ts'

/** A point of the plane on which clothes are drawn: x and y in [−1, 1], y down. */
export type Point = readonly [x: number, y: number]

/** A closed outline; the last point joins the first. */
export type Outline = readonly Point[]

/** Points of one quadratic Bézier curve after its start. */
function bezier([x0, y0]: Point, [x1, y1]: Point, [x2, y2]: Point, steps = 6): Point[] {
  return Array.from({ length: steps }, (_, i): Point => {
    const t = (i + 1) / steps
    const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t]
    return [a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2]
  })
}

/** Draws outlines of lines and quadratic curves: `pen(0, 0).line(1, 0).curve(1, 1, 0, 1).points`. */
export function pen(x: number, y: number) {
  const points: Point[] = [[x, y]]
  const drawn = {
    points,
    line(toX: number, toY: number) {
      points.push([toX, toY])
      return drawn
    },
    /** A curve that leaves towards the middle point and arrives from it. */
    curve(middleX: number, middleY: number, toX: number, toY: number) {
      points.push(...bezier(points[points.length - 1], [middleX, middleY], [toX, toY]))
      return drawn
    },
  }
  return drawn
}

/** The other side of something drawn on one side of the middle line, in reversed order. */
export function mirror(points: readonly Point[]): Point[] {
  return points.map(([x, y]): Point => [-x, y]).reverse()
}

/** The outline of a line of some width along the points. */
export function stroke(points: readonly Point[], width: number): Outline {
  const left: Point[] = []
  const right: Point[] = []
  for (const [i, [x, y]] of points.entries()) {
    const [fromX, fromY] = points[Math.max(0, i - 1)]
    const [toX, toY] = points[Math.min(points.length - 1, i + 1)]
    const [dx, dy] = [toX - fromX, toY - fromY]
    const half = width / 2 / (Math.sqrt(dx * dx + dy * dy) || 1)
    left.push([x - dy * half, y + dx * half])
    right.push([x + dy * half, y - dx * half])
  }
  return [...left, ...right.reverse()]
}

/** An upright rectangle. */
export function box(left: number, top: number, right: number, bottom: number): Outline {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

/** Cosine and sine at the sixteenths of a turn. */
const circle: readonly Point[] = Array.from({ length: 16 }, (_, i): Point => {
  const t = i / 8
  const sinePi = (u: number) => (u <= 0.5 ? cosPi(0.5 - u) : cosPi(u - 0.5))
  return t <= 1 ? [cosPi(t), sinePi(t)] : [cosPi(2 - t), -sinePi(2 - t)]
})

/** An ellipse of sixteen corners: at 28 pixels one sees no more. */
export function ellipse(x: number, y: number, radiusX: number, radiusY: number): Outline {
  return circle.map(([cosine, sine]): Point => [x + radiusX * cosine, y + radiusY * sine])
}
