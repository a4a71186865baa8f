export interface MinimizeOptions {
  /** Bounds of every variable; none unless given. */
  readonly low?: Float64Array
  readonly high?: Float64Array
  /** How often the function may be worked out. */
  readonly evaluations: number
  /** The end: no free variable's derivative is larger. */
  readonly tolerance: number
  /** The farthest that a variable moves in one step. */
  readonly longestStep?: number
}

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 8
/** The part of the decrease that the slope promises with which a step is content (Armijo). */
const CONTENT = 1e-4
/** Times that a step is shortened before its direction is given up. */
const SHORTENINGS = 12

/**
 * A local minimum by L-BFGS (Liu and Nocedal 1989), within bounds by projection: a variable at a bound that would leave it stands
 * still. `f` fills in the gradient and may say Infinity where it has no value. Every sum has one order, so that the way is the same
 * on every machine as far as `f` is.
 */
export function minimize(
  f: (x: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  { low, high, evaluations, tolerance, longestStep = Infinity }: MinimizeOptions,
): { readonly x: Float64Array; readonly value: number } {
  const n = start.length
  const project = (x: Float64Array) => {
    for (let i = 0; i < n; i++) {
      if (low !== undefined && x[i] < low[i]) x[i] = low[i]
      if (high !== undefined && x[i] > high[i]) x[i] = high[i]
    }
    return x
  }
  const isFree = (x: Float64Array, g: Float64Array, i: number) =>
    !(low !== undefined && x[i] <= low[i] && g[i] > 0) && !(high !== undefined && x[i] >= high[i] && g[i] < 0)
  let x = project(start.slice())
  let g = new Float64Array(n)
  let value = f(x, g)
  let left = evaluations - 1
  let pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = []
  while (left > 0 && Number.isFinite(value)) {
    const steepest = g.map((slope, i) => (isFree(x, g, i) ? -slope : 0))
    const steepness = largest(steepest)
    if (!(steepness > tolerance)) break
    let direction = pairs.length > 0 ? quasiNewton(steepest, pairs) : steepest
    direction = direction.map((d, i) => (steepest[i] === 0 ? 0 : d))
    if (!(dot(direction, g) < 0)) {
      direction = steepest
      pairs = []
    }
    let t = Math.min(1, longestStep / largest(direction))
    if (pairs.length === 0) t = Math.min(t, 1 / steepness)
    let isDone = false
    for (let k = 0; k < SHORTENINGS && left > 0 && !isDone; k++) {
      const next = project(x.map((xi, i) => xi + t * direction[i]))
      const nextG = new Float64Array(n)
      const nextValue = f(next, nextG)
      left -= 1
      const s = next.map((xi, i) => xi - x[i])
      const promised = dot(s, g)
      if (Number.isFinite(nextValue) && nextValue <= value + CONTENT * promised && promised < 0) {
        const y = nextG.map((gi, i) => gi - g[i])
        const curvature = dot(s, y)
        if (curvature > 1e-10 * dot(y, y)) pairs = [...pairs, { s, y, rho: 1 / curvature }].slice(-MEMORY)
        x = next
        g = nextG
        value = nextValue
        isDone = true
      } else {
        // The least of the parabola through both values and the slope, but no less than a tenth and no more than half.
        const least = Number.isFinite(nextValue) ? (-promised / (2 * (nextValue - value - promised))) * t : 0
        t = Math.min(Math.max(least, 0.1 * t), 0.5 * t)
      }
    }
    if (isDone) continue
    if (pairs.length === 0) break
    pairs = []
  }
  return { x, value }
}

/** The steepest descent through the inverse of the curvature that the pairs tell (two-loop recursion). */
function quasiNewton(
  steepest: Float64Array,
  pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const d = steepest.slice()
  const alpha = new Float64Array(pairs.length)
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]
    alpha[k] = rho * dot(s, d)
    for (let i = 0; i < d.length; i++) d[i] -= alpha[k] * y[i]
  }
  const { s, y } = pairs[pairs.length - 1]
  const scale = dot(s, y) / dot(y, y)
  for (let i = 0; i < d.length; i++) d[i] *= scale
  for (let k = 0; k < pairs.length; k++) {
    const beta = pairs[k].rho * dot(pairs[k].y, d)
    for (let i = 0; i < d.length; i++) d[i] += (alpha[k] - beta) * pairs[k].s[i]
  }
  return d
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

const largest = (a: Float64Array) => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
