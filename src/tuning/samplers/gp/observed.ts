import { ln } from '../../../base/elementary.ts'
import type { Point } from '../../constraints.ts'
import type { Result } from '../sampler.ts'

/** The most points that a model learns from: the best half of them, and the latest of the others. */
export const MOST = 300
/** Losses so many spreads of the good half above the median are drawn in. */
const FAR = 3

/** What a model learns from. */
export interface Observed {
  /** The trials by number, ascending, and the loss of each: less is better, mean 0 and variance 1. */
  readonly trials: readonly number[]
  readonly values: Float64Array
}

/** A loss for every result: pruned trials are no better than the median, and failed ones as bad as the worst. */
function lossesOf(results: readonly Result[]): Float64Array {
  const complete = results.flatMap(({ type, loss }) =>
    type === 'complete' && loss !== undefined ? [loss] : [],
  )
  const sorted = Float64Array.from(complete).sort()
  const median = sorted[sorted.length >> 1]
  const worst = sorted[sorted.length - 1]
  return Float64Array.from(results, ({ type, loss }) => {
    if (type === 'complete' && loss !== undefined) return loss
    if (type === 'failed') return worst
    return Math.min(Math.max(loss ?? median, median), worst)
  })
}

/** The numbers of the results that a model learns from, where there are more than it may. */
function chosenOf(losses: Float64Array): number[] {
  const all = Array.from(losses, (_, i) => i)
  if (losses.length <= MOST) return all
  const best = new Set(all.toSorted((a, b) => losses[a] - losses[b] || a - b).slice(0, MOST / 2))
  const latest = new Set(all.filter((i) => !best.has(i)).slice(-MOST / 2))
  return all.filter((i) => best.has(i) || latest.has(i))
}

/**
 * Losses as a model is to see them. One bad beyond measure (a training that diverged) would make all others look alike; so what lies
 * far above the median, beside how far the good half lies below, counts by its logarithm. Mean 0 and variance 1 in the end.
 */
function standardized(losses: Float64Array): Float64Array {
  const sorted = losses.slice().sort()
  const median = sorted[sorted.length >> 1]
  let squares = 0
  let good = 0
  for (const x of losses) {
    if (x > median) continue
    squares += (x - median) * (x - median)
    good += 1
  }
  const spread = Math.sqrt(squares / good)
  const edge = median + FAR * spread
  const drawn = losses.map((x) => (x > edge && spread > 0 ? edge + spread * ln(1 + (x - edge) / spread) : x))
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length
  const variance = drawn.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / drawn.length
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 1
  return drawn.map((x) => (x - mean) * scale)
}

/** What a model learns from the results that may be seen; undefined where none is complete. */
export function observe(results: readonly Result[]): Observed | undefined {
  if (!results.some(({ type, loss }) => type === 'complete' && loss !== undefined)) return undefined
  const losses = lossesOf(results)
  const trials = chosenOf(losses)
  return { trials, values: standardized(Float64Array.from(trials, (i) => losses[i])) }
}

export const pointsOf = (points: readonly Point[], { trials }: Observed): Point[] =>
  trials.map((i) => points[i])
