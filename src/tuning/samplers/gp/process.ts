import { cholesky, inverseFrom, solveLower, solveUpper } from '../../../base/cholesky.ts'
import { exp, ln } from '../../../base/elementary.ts'
import { minimize } from '../../../base/minimize.ts'

/** Places of points as a model sees them, row after row: first `numbers` coordinates in [0, 1], then places of choices. */
export interface Places {
  readonly rows: Float64Array
  readonly count: number
  /** Coordinates of a place. */
  readonly width: number
  /** How many of them are numbers; two choices are either equal or not. */
  readonly numbers: number
}

/** What a model knows of its kernel: 1 / length² of each coordinate, the variance of the function and that of the noise. */
export interface Kernel {
  readonly nearness: Float64Array
  readonly scale: number
  readonly noise: number
}

/** With so much noise any covariance is positive definite. */
const MOST_NOISE = 1e12
/** The noise is at least so much, beside values of variance 1. */
const LEAST_NOISE = 1e-6
/**
 * How strongly little noise is believed in: the rate of its prior, a gamma distribution. A search goes by its first
 * results, as it must to learn more; where there are many they tell.
 */
const QUIET = 30
/** Where the fit begins: lengths and scale 1, some noise. */
const FIRST_NOISE = 0.1
/** The most evaluations of the fit. */
const EVALUATIONS = 40
/** A fit to more places than these begins where one to so many ends, and has fewer evaluations. */
const COARSE = 64
const REFINING = 12
/** The fit's longest step, in the logarithm of a parameter. */
const LONGEST_STEP = 2

/** Matérn's kernel of smoothness 5/2 at a squared distance, and its derivative by the squared distance. */
const matern = (squared: number) => {
  const r = Math.sqrt(5 * squared)
  const e = exp(-r)
  return { value: e * (1 + r + (5 / 3) * squared), slope: (-5 / 6) * (1 + r) * e }
}

/** The squared distance of two places, each coordinate by its nearness. */
function distance(
  { width, numbers }: Places,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  nearness: Float64Array,
): number {
  let sum = 0
  for (let d = 0; d < numbers; d++) {
    const difference = a[i + d] - b[j + d]
    sum += difference * difference * nearness[d]
  }
  for (let d = numbers; d < width; d++) if (a[i + d] !== b[j + d]) sum += nearness[d]
  return sum
}

/** The logarithm of the priors' density and its derivatives by the logarithms of the parameters, added to `gradient`. */
function prior({ nearness, scale, noise }: Kernel, gradient: Float64Array): number {
  let log = 0
  const width = nearness.length
  for (let d = 0; d < width; d++) {
    const x = nearness[d]
    log -= 0.1 / x + 0.1 * x
    gradient[d] += 0.1 / x - 0.1 * x
  }
  log += ln(scale) - scale // gamma, shape 2 and rate 1
  gradient[width] += 1 - scale
  log += 0.1 * ln(noise) - QUIET * noise // gamma, shape 1.1
  gradient[width + 1] += (0.1 / noise - QUIET) * (noise - LEAST_NOISE)
  return log
}

const kernelFrom = (x: Float64Array): Kernel => {
  const width = x.length - 2
  return {
    nearness: x.subarray(0, width).map(exp),
    scale: exp(x[width]),
    noise: LEAST_NOISE + exp(x[width + 1]),
  }
}

/**
 * The logarithm of the posterior density of a kernel's parameters, but for a constant: how likely the values are, and the priors.
 * `gradient` gets its derivatives by the parameters' logarithms. −Infinity where the matrix is not positive definite.
 */
export function logPosterior(
  places: Places,
  values: Float64Array,
  kernel: Kernel,
  gradient: Float64Array,
): number {
  const { rows, count: n, width, numbers } = places
  const { nearness, scale, noise } = kernel
  const l = new Float64Array(n * n)
  const slopes = new Float64Array(n * n) // of the kernel by the squared distance
  const covariance = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const { value, slope } = matern(distance(places, rows, i * width, rows, j * width, nearness))
      covariance[i * n + j] = l[i * n + j] = scale * value
      slopes[i * n + j] = scale * slope
    }
    l[i * n + i] = scale + noise
  }
  if (!cholesky(l, n)) return -Infinity
  const alpha = values.slice()
  solveLower(l, n, alpha)
  let log = 0
  for (let i = 0; i < n; i++) log -= 0.5 * alpha[i] * alpha[i] + ln(l[i * n + i])
  solveUpper(l, n, alpha)
  const inverse = new Float64Array(n * n)
  inverseFrom(l, n, inverse)
  gradient.fill(0)
  let trace = 0
  let ofScale = 0
  for (let i = 0; i < n; i++) {
    const own = alpha[i] * alpha[i] - inverse[i * n + i]
    trace += own
    ofScale += 0.5 * own * scale
    for (let j = 0; j < i; j++) {
      const weight = alpha[i] * alpha[j] - inverse[i * n + j]
      ofScale += weight * covariance[i * n + j]
      const w = weight * slopes[i * n + j]
      for (let d = 0; d < numbers; d++) {
        const difference = rows[i * width + d] - rows[j * width + d]
        gradient[d] += w * difference * difference
      }
      for (let d = numbers; d < width; d++) if (rows[i * width + d] !== rows[j * width + d]) gradient[d] += w
    }
  }
  for (let d = 0; d < width; d++) gradient[d] *= nearness[d]
  gradient[width] = ofScale
  gradient[width + 1] = 0.5 * trace * (noise - LEAST_NOISE)
  return log + prior(kernel, gradient)
}

/**
 * The likeliest parameters of the kernel, from lengths and scale 1 on. Of many places first those of some, spread evenly over
 * them, which brings it nearly there and takes little time.
 */
export function fitKernel(places: Places, values: Float64Array): Kernel {
  const { rows, count, width } = places
  const climb = (from: Float64Array, at: Places, of: Float64Array, evaluations: number) =>
    ascend(from, (x, gradient) => logPosterior(at, of, kernelFrom(x), gradient), evaluations)
  const start = new Float64Array(width + 2)
  start[width + 1] = ln(FIRST_NOISE)
  if (count <= COARSE) return kernelFrom(climb(start, places, values, EVALUATIONS))
  const some = Array.from({ length: COARSE }, (_, i) => Math.floor((i * count) / COARSE))
  const coarse = new Float64Array(COARSE * width)
  some.forEach((from, i) => {
    coarse.set(rows.subarray(from * width, (from + 1) * width), i * width)
  })
  const ofThem = Float64Array.from(some, (i) => values[i])
  const near = climb(start, { ...places, rows: coarse, count: COARSE }, ofThem, EVALUATIONS)
  return kernelFrom(climb(near, places, values, REFINING))
}

/** The top of a hill. */
function ascend(
  start: Float64Array,
  log: (x: Float64Array, gradient: Float64Array) => number,
  evaluations: number,
): Float64Array {
  const negative = (x: Float64Array, gradient: Float64Array) => {
    const value = -log(x, gradient)
    for (let d = 0; d < gradient.length; d++) gradient[d] = -gradient[d]
    return value
  }
  return minimize(negative, start, { evaluations, tolerance: 1e-2, longestStep: LONGEST_STEP }).x
}

/** A Gaussian process that has seen values: what it expects at a place, and how sure it is. */
export interface Posterior {
  readonly kernel: Kernel
  readonly places: Places
  /** L of the covariance with noise. */
  readonly l: Float64Array
  /** L⁻¹·values. */
  readonly whitened: Float64Array
}

/** The posterior of values at the first of the places; those that follow are known to be tried, and no more. */
export function posteriorOf(places: Places, values: Float64Array, kernel: Kernel): Posterior {
  const { rows, count: n, width } = places
  const { nearness, scale } = kernel
  for (let noise = kernel.noise; noise < MOST_NOISE; noise *= 10) {
    const l = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        l[i * n + j] = scale * matern(distance(places, rows, i * width, rows, j * width, nearness)).value
      }
      l[i * n + i] = scale + noise
    }
    if (!cholesky(l, n)) continue // the noise is too little for the places' nearness
    const whitened = new Float64Array(n)
    whitened.set(values)
    solveLower(l, n, whitened, values.length)
    return { kernel: { ...kernel, noise }, places, l, whitened }
  }
  throw new Error('The covariance of the trials is not positive definite under any noise.')
}

/** Covariances of a place with all places, and their derivatives by the squared distance. */
export function covariances(
  { places, kernel: { nearness, scale } }: Posterior,
  place: Float64Array,
  values: Float64Array,
  slopes?: Float64Array,
): void {
  const { rows, count, width } = places
  for (let i = 0; i < count; i++) {
    const { value, slope } = matern(distance(places, place, 0, rows, i * width, nearness))
    values[i] = scale * value
    if (slopes !== undefined) slopes[i] = scale * slope
  }
}

/** The expected function values at the places themselves, for values given as L⁻¹·values. */
export function expectedAtPlaces(
  { l, kernel: { noise }, places: { count: n } }: Posterior,
  whitened: Float64Array,
): Float64Array {
  // K = (K + σ²) − σ², so that K·(K + σ²)⁻¹·y = y − σ²·(K + σ²)⁻¹·y; y = L·whitened.
  const alpha = whitened.slice()
  solveUpper(l, n, alpha)
  return alpha.map((a, i) => {
    let y = 0
    for (let j = 0; j <= i; j++) y += l[i * n + j] * whitened[j]
    return y - noise * a
  })
}
