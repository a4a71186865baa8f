import { exp, ln } from '../elementary.ts'
import { incompleteBeta, lnGamma } from './beta.ts'

/** The chance of exactly k heads in n tosses of a fair coin. */
export const fairMass = (k: number, n: number): number =>
  exp(lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1) - n * ln(2))

/** The chance of at most k heads in n tosses of a fair coin. */
export const fairCdf = (k: number, n: number): number => (k >= n ? 1 : incompleteBeta(0.5, n - k, k + 1))

/** Whether a coin that fell k times of n on one side is fair: two-sided p-values. */
export interface SignTest {
  /** Never errs more often than it says, and so says too much for small n. */
  readonly exact: number
  /** Counts half of what was seen: errs as often as it says, on average. Lancaster, JASA 56 (1961). */
  readonly midP: number
}

/** The sign test by the binomial distribution; without a toss nothing speaks against the coin. */
export function signTest(k: number, n: number): SignTest {
  if (n === 0) return { exact: 1, midP: 1 }
  const fewer = Math.min(k, n - k)
  const seen = fairMass(fewer, n)
  if (2 * fewer === n) return { exact: 1, midP: 1 - seen / 2 }
  const exact = Math.min(1, 2 * fairCdf(fewer, n))
  return { exact, midP: exact - seen }
}
