import { key, normals } from '../../../base/random.ts'
import type { Point } from '../../constraints.ts'
import type { OpenSpace } from '../../open-space.ts'
import { randomPoints } from '../random.ts'
import type { Result, Sampler, SamplerSetting, Seen } from '../sampler.ts'
import { SOBOL_DIMENSIONS, sobol } from '../sobol.ts'
import { both, chanceOfSuccess, expectedImprovement } from './acquisition.ts'
import { encode } from './encode.ts'
import { maximize } from './maximize.ts'
import { observe, observeFailures, pointsOf } from './observed.ts'
import { expectedAtPlaces, fitKernel, type Kernel, type Places, posteriorOf } from './process.ts'

/** Results that are seen before the first guided trial, and how many of them are no failures. */
export const STARTUP = 10
const LEAST = 3
/** Guesses at the results that are not known yet. */
const FANTASIES = 8
/** The trials of which the search for the next point begins: those that the model expects to be best. */
const INCUMBENTS = 2
/** The most trials whose results are guessed, the latest. */
const MOST_PENDING = 50
/**
 * The kernel is fitted to all results while they are few, later to those of the first so many: the last multiple of a 32nd of
 * them. What was learned of lengths and noise hardly changes with one more.
 */
const fittedOf = (count: number) => count - (count % Math.max(1, count >>> 5))

/**
 * Bayesian optimization with a Gaussian process: the point whose logarithm of expected improvement is largest (Ament et al.
 * 2023), under a Matérn kernel of smoothness 5/2 with a length for every parameter, fitted to the results that may be seen.
 */
export function gp({ space, seed }: SamplerSetting): Sampler {
  const from = key(seed).child('gp')
  const encoding = encode(space)
  const kernelOf = rememberedKernel()
  const kernelOfFailures = rememberedKernel()
  const isCounted = Number.isFinite(space.size)
  const startup =
    space.order.length <= SOBOL_DIMENSIONS
      ? sobol({ space, seed }).propose
      : randomPoints(space, key(seed).child('random'))
  const unguided = (n: number, seen: Seen): Point | undefined => {
    if (!isCounted) return startup(n, seen)
    for (let i = 0; ; i++) {
      const point = startup(i, seen)
      if (point === undefined || !seen.has(space.nameOf(point))) return point
    }
  }
  /** How likely a trial is not to fail; undefined where none has, or all have. */
  const successOf = ({ points, results }: Seen) => {
    const observed = observeFailures(results)
    if (observed === undefined) return undefined
    const past = observeFailures(results.slice(0, fittedOf(results.length))) ?? observed
    const kernel = kernelOfFailures(encoding.placesOf(pointsOf(points, past)), past.values)
    const posterior = posteriorOf(encoding.placesOf(pointsOf(points, observed)), observed.values, kernel)
    return chanceOfSuccess(posterior, observed.threshold)
  }
  return {
    kind: 'gp',
    seesResults: true,
    propose(n, seen) {
      const ranked = seen.results.reduce((count, { type }) => count + (type === 'failed' ? 0 : 1), 0)
      const isGuided = seen.results.length >= STARTUP && ranked >= LEAST
      const observed = isGuided ? observe(seen.results) : undefined
      if (observed === undefined || encoding.axes.length === 0) return unguided(n, seen)
      const points = pointsOf(seen.points, observed)
      const past = observe(seen.results.slice(0, fittedOf(seen.results.length))) ?? observed
      const kernel = kernelOf(encoding.placesOf(pointsOf(seen.points, past)), past.values)
      const pending = seen.points.slice(seen.results.length).slice(-MOST_PENDING)
      const posterior = posteriorOf(encoding.placesOf([...points, ...pending]), observed.values, kernel)
      const expected = expectedAtPlaces(posterior, posterior.whitened).subarray(0, points.length)
      const ranks = points.map((_, i) => i).sort((a, b) => expected[a] - expected[b] || a - b)
      const draws = Array.from({ length: FANTASIES }, (_, f) =>
        normals(from.child(n).child('fantasies').child(f), pending.length),
      )
      const improvement = expectedImprovement(posterior, points.length, draws)
      const success = successOf(seen)
      const point = maximize({
        encoding,
        acquisition: success === undefined ? improvement : both(improvement, success),
        nearness: kernel.nearness,
        may: (point) => space.allows(point) && !(isCounted && seen.has(space.nameOf(point))),
        tried: ranks.slice(0, INCUMBENTS).map((i) => points[i]),
        from: from.child(n),
      })
      return point ?? unguided(n, seen)
    },
  }
}

/** The kernel for places and values. The last one is remembered, for speed only: it is made again for others. */
function rememberedKernel() {
  let last:
    | { readonly rows: Float64Array; readonly values: Float64Array; readonly kernel: Kernel }
    | undefined
  return (places: Places, values: Float64Array): Kernel => {
    if (last === undefined || !isSame(last.rows, places.rows) || !isSame(last.values, values))
      last = { rows: places.rows, values, kernel: fitKernel(places, values) }
    return last.kernel
  }
}

const isSame = (a: Float64Array, b: Float64Array) => a.length === b.length && a.every((x, i) => x === b[i])

/**
 * The trial that a model expects to be best, of those that are complete: under noise the best value that was observed is good
 * luck in part. A pure function of the space, the points and their results; undefined where none is complete.
 */
export function recommended(
  space: OpenSpace,
  points: readonly Point[],
  results: readonly Result[],
): number | undefined {
  const observed = observe(results)
  if (observed === undefined) return undefined
  const encoding = encode(space)
  const seen = pointsOf(points, observed)
  if (encoding.axes.length === 0) return results.findIndex(({ type }) => type === 'complete')
  const places = encoding.placesOf(seen)
  const posterior = posteriorOf(places, observed.values, fitKernel(places, observed.values))
  const expected = expectedAtPlaces(posterior, posterior.whitened)
  let best: number | undefined
  observed.trials.forEach((trial, i) => {
    if (results[trial].type !== 'complete') return
    if (best === undefined || expected[i] < expected[best]) best = i
  })
  return best === undefined ? undefined : observed.trials[best]
}
