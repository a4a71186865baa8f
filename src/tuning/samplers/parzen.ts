import { exp } from '../../base/elementary.ts'
import { inverseNormal, normalCdf } from '../../base/statistics/normal.ts'
import type { OneOf, Scalar } from '../domain.ts'

/** A density over one parameter: draws from it and says how dense it is. Draws are uniforms in (0, 1). */
export interface Density<T> {
  draw(which: number, where: number): T
  at(value: T): number
}

/** Shares of the values among those observed, with one observation's weight spread evenly over all of them. */
export function categorical({ values }: OneOf, observed: readonly Scalar[]): Density<Scalar> {
  const counts = new Map<Scalar, number>(values.map((value) => [value, 1 / values.length]))
  for (const value of observed) counts.set(value, (counts.get(value) ?? 0) + 1)
  const weights = values.map((value) => counts.get(value)! / (observed.length + 1))
  return {
    draw(which) {
      let rest = which
      const i = weights.findIndex((weight) => {
        rest -= weight
        return rest < 0
      })
      return values[i < 0 ? values.length - 1 : i]
    },
    at: (value) => weights[values.indexOf(value)],
  }
}

/** Widths beyond which a normal kernel counts as 0: there it is below 2e-8 of its height. */
const REACH = 6

/** The first place of an ascending array whose value is not below x. */
function firstFrom(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle] < x) low = middle + 1
    else high = middle
  }
  return low
}

/** The narrowest kernel's width among n observations, on the unit interval. */
const narrowest = (n: number) => 1 / Math.min(100, n + 1)

/**
 * A Parzen estimator on the unit interval (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", §4): a
 * normal kernel, cut to the interval, at each observation, as wide as the farther neighbor is away, and one broad
 * kernel over the whole.
 */
export function parzen(observed: readonly number[]): Density<number> {
  const mu = Float64Array.from([...observed, 0.5]).sort()
  const n = mu.length
  const sigma = new Float64Array(n)
  const narrowness = new Float64Array(n)
  const low = new Float64Array(n) // the distribution function at 0 and its mass on [0, 1]
  const mass = new Float64Array(n)
  const height = new Float64Array(n)
  const prior = mu.indexOf(0.5)
  const least = narrowest(observed.length)
  let widest = 0 // of the kernels at observations: those farther than six widths away add nothing
  for (let i = 0; i < n; i++) {
    const left = i === 0 ? mu[i] : mu[i] - mu[i - 1]
    const right = i === n - 1 ? 1 - mu[i] : mu[i + 1] - mu[i]
    sigma[i] = i === prior ? 1 : Math.min(1, Math.max(left, right, least))
    narrowness[i] = 1 / sigma[i]
    if (i !== prior && sigma[i] > widest) widest = sigma[i]
    low[i] = normalCdf(-mu[i] / sigma[i])
    mass[i] = normalCdf((1 - mu[i]) / sigma[i]) - low[i]
    height[i] = 1 / (sigma[i] * mass[i] * 2.5066282746310002 * n)
  }
  return {
    draw(which, where) {
      const i = Math.min(n - 1, Math.floor(which * n))
      const p = low[i] + where * mass[i]
      const x = mu[i] + sigma[i] * inverseNormal(Math.min(Math.max(p, 1e-300), 1 - 1e-16))
      return Math.min(Math.max(x, 0), 1)
    },
    at(x) {
      const z0 = x - 0.5
      let sum = height[prior] * exp(-0.5 * z0 * z0)
      const end = x + REACH * widest
      for (let i = firstFrom(mu, x - REACH * widest); i < n && mu[i] <= end; i++) {
        const z = (x - mu[i]) * narrowness[i]
        if (z < REACH && z > -REACH && i !== prior) sum += height[i] * exp(-0.5 * z * z)
      }
      return sum
    },
  }
}
