import { exp, ln } from '../elementary.ts'
import { normalCdf } from './normal.ts'

/** Below this a continued fraction: the plain formula is a difference, of which ever fewer digits remain. */
const FAR = -2.5
/** Terms of the continued fraction, which leave nothing of 16 digits at 2.5 and less beyond. */
const TERMS = 40
/** The logarithm of √(2π). */
const LOG_ROOT_TWO_PI = 0.9189385332046728

/** How much better than a threshold a standard normal number is to be expected, z above its mean. */
export interface Improvement {
  /** ln h(z), where h(z) = E max(0, z + N) = φ(z) + z·Φ(z). */
  readonly log: number
  /** Φ(z) / h(z): its derivative. */
  readonly slope: number
  /** φ(z) / h(z). */
  readonly spread: number
}

/** a = 1/(t + 2/(t + 3/(t + …))): the share of the normal distribution beyond t is φ(t)/(t + a). */
function beyond(t: number): number {
  let a = 0
  for (let k = TERMS; k >= 1; k--) a = k / (t + a)
  return a
}

/** ln Φ(z), and its derivative φ(z)/Φ(z), however little Φ(z) is. */
export function logNormalCdf(z: number): { readonly log: number; readonly slope: number } {
  const logDensity = -0.5 * z * z - LOG_ROOT_TWO_PI
  if (z > FAR) {
    const below = normalCdf(z)
    return { log: ln(below), slope: exp(logDensity) / below }
  }
  const ratio = -z + beyond(-z)
  return { log: logDensity - ln(ratio), slope: ratio }
}

/**
 * The logarithm of the expected improvement and its two ratios, which stay exact where the improvement itself vanishes (Ament et
 * al. 2023, "Unexpected improvements to expected improvement for Bayesian optimization").
 */
export function improvement(z: number): Improvement {
  if (z > FAR) {
    const density = exp(-0.5 * z * z - LOG_ROOT_TWO_PI)
    const below = normalCdf(z)
    const h = density + z * below
    return { log: ln(h), slope: below / h, spread: density / h }
  }
  // Φ(−t)/φ(t) = 1/(t + a), so that h/φ = 1 − t/(t + a) = a/(t + a) without a difference.
  const t = -z
  const a = beyond(t)
  return { log: -0.5 * t * t - LOG_ROOT_TWO_PI + ln(a / (t + a)), slope: 1 / a, spread: (t + a) / a }
}
