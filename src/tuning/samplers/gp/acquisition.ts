import { solveLower, solveUpper } from '../../../base/cholesky.ts'
import { exp, ln } from '../../../base/elementary.ts'
import { improvement, logNormalCdf } from '../../../base/statistics/improvement.ts'
import { covariances, expectedAtPlaces, type Posterior } from './process.ts'

/** The function's variance at a place is at least so much: its logarithm is taken. */
const LEAST_VARIANCE = 1e-12

/** How promising a place is: the logarithm of what it is expected to be better by than the best place that was tried. */
export interface Acquisition {
  at(place: Float64Array): number
  /** Beside the value its derivatives by the numbers of the place. */
  withGradient(place: Float64Array, gradient: Float64Array): number
}

/** The derivatives by the numbers of a place, from those by its squared distances to the places that are known. */
function alongPlace(
  { places: { count, width, numbers, rows }, kernel }: Posterior,
  place: Float64Array,
  byDistance: Float64Array,
  gradient: Float64Array,
): void {
  gradient.fill(0)
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < numbers; d++) gradient[d] += byDistance[i] * 2 * (place[d] - rows[i * width + d])
  }
  for (let d = 0; d < numbers; d++) gradient[d] *= kernel.nearness[d]
}

/** One guess at the results that are not known yet: L⁻¹·values, and the best expected value with them. */
interface Fantasy {
  readonly whitened: Float64Array
  readonly alpha: Float64Array
  readonly threshold: number
}

/**
 * The logarithm of the expected improvement, over guesses at the results of the last places, which are being tried (Snoek,
 * Larochelle and Adams 2012). A guess is a draw of the posterior, from standard normal numbers, one for each of them: in L⁻¹·values
 * these numbers simply follow those of the places whose values are known.
 */
export function expectedImprovement(
  posterior: Posterior,
  known: number,
  draws: readonly Float64Array[],
): Acquisition {
  const { l, places, kernel } = posterior
  const n = places.count
  const fantasies = (n > known ? draws : [new Float64Array(0)]).map((pending): Fantasy => {
    const whitened = posterior.whitened.slice()
    whitened.set(pending, known)
    const alpha = whitened.slice()
    solveUpper(l, n, alpha)
    const threshold = expectedAtPlaces(posterior, whitened).reduce((least, x) => Math.min(least, x))
    return { whitened, alpha, threshold }
  })
  const k = new Float64Array(n)
  const slopes = new Float64Array(n)
  const v = new Float64Array(n)
  const logs = new Float64Array(fantasies.length)
  const zs = new Float64Array(fantasies.length)
  /** Fills in v = L⁻¹·k and each fantasy's logarithm; returns the standard deviation. */
  const look = (place: Float64Array, withSlopes: boolean) => {
    covariances(posterior, place, k, withSlopes ? slopes : undefined)
    v.set(k)
    solveLower(l, n, v)
    let variance = kernel.scale
    for (let i = 0; i < n; i++) variance -= v[i] * v[i]
    const sigma = Math.sqrt(Math.max(variance, LEAST_VARIANCE))
    let common = 0
    for (let i = 0; i < known; i++) common += v[i] * fantasies[0].whitened[i]
    const logSigma = ln(sigma)
    fantasies.forEach(({ whitened, threshold }, f) => {
      let mean = common
      for (let i = known; i < n; i++) mean += v[i] * whitened[i]
      zs[f] = (threshold - mean) / sigma
      logs[f] = logSigma + improvement(zs[f]).log
    })
    return { sigma, isFlat: variance <= LEAST_VARIANCE }
  }
  const logMean = () => {
    const most = logs.reduce((a, b) => Math.max(a, b))
    let sum = 0
    for (const log of logs) sum += exp(log - most)
    return { most, sum, log: most + ln(sum / logs.length) }
  }
  return {
    at(place) {
      look(place, false)
      return logMean().log
    },
    withGradient(place, gradient) {
      const { sigma, isFlat } = look(place, true)
      const { most, sum, log } = logMean()
      // By the mean: −slope/σ of each fantasy by its share; by the standard deviation: spread/σ.
      const byMean = new Float64Array(n)
      let bySigma = 0
      fantasies.forEach(({ alpha }, f) => {
        const { slope, spread } = improvement(zs[f])
        const share = exp(logs[f] - most) / sum
        for (let i = 0; i < n; i++) byMean[i] -= ((share * slope) / sigma) * alpha[i]
        bySigma += (share * spread) / sigma
      })
      solveUpper(l, n, v) // (K + σ²)⁻¹·k; the variance's derivative is −2 of it
      if (isFlat) bySigma = 0
      for (let i = 0; i < n; i++) v[i] = (byMean[i] - (bySigma * v[i]) / sigma) * slopes[i]
      alongPlace(posterior, place, v, gradient)
      return log
    },
  }
}

/**
 * The logarithm of the chance that a trial does not fail, by a process whose values are higher where trials ended well: that it lies
 * above a threshold.
 */
export function chanceOfSuccess(posterior: Posterior, threshold: number): Acquisition {
  const { l, places, kernel, whitened } = posterior
  const n = places.count
  const alpha = whitened.slice()
  solveUpper(l, n, alpha)
  const k = new Float64Array(n)
  const slopes = new Float64Array(n)
  const v = new Float64Array(n)
  const look = (place: Float64Array, withSlopes: boolean) => {
    covariances(posterior, place, k, withSlopes ? slopes : undefined)
    v.set(k)
    solveLower(l, n, v)
    let mean = 0
    let variance = kernel.scale
    for (let i = 0; i < n; i++) {
      mean += v[i] * whitened[i]
      variance -= v[i] * v[i]
    }
    const sigma = Math.sqrt(Math.max(variance, 0) + kernel.noise)
    const z = (mean - threshold) / sigma
    return { sigma, z, ...logNormalCdf(z) }
  }
  return {
    at: (place) => look(place, false).log,
    withGradient(place, gradient) {
      const { sigma, z, log, slope } = look(place, true)
      solveUpper(l, n, v)
      for (let i = 0; i < n; i++) v[i] = (slope / sigma) * (alpha[i] + (z * v[i]) / sigma) * slopes[i]
      alongPlace(posterior, place, v, gradient)
      return log
    },
  }
}

/** The sum of two logarithms: of the improvement and of the chance that there will be one. */
export function both(a: Acquisition, b: Acquisition): Acquisition {
  return {
    at: (place) => a.at(place) + b.at(place),
    withGradient(place, gradient) {
      const other = new Float64Array(gradient.length)
      const sum = a.withGradient(place, gradient) + b.withGradient(place, other)
      for (let d = 0; d < gradient.length; d++) gradient[d] += other[d]
      return sum
    },
  }
}
