import type { Point } from '../../constraints.ts'
import type { Result } from '../sampler.ts'

/** The most points that a model learns from: the best half of them, and the latest of the others. */
export const MOST = 300
/** Losses so many spreads of the good half above the median are drawn in, and come no farther than twice as many. */
const FAR = 3

/** What a model learns from. */
export interface Observed {
  /** The trials by number, ascending, and a value for each, mean 0 and variance 1. */
  readonly trials: readonly number[]
  readonly values: Float64Array
}

/** Losses so large that their squares would be infinite count as large as that. */
const bounded = (loss: number) => Math.min(Math.max(loss, -1e100), 1e100)

/** A loss for every result that has one: pruned trials are no better than the median of those that are complete. */
function lossesOf(results: readonly Result[]): Float64Array {
  const complete = results.flatMap(({ type, loss }) =>
    type === 'complete' && loss !== undefined ? [bounded(loss)] : [],
  )
  const sorted = Float64Array.from(complete).sort()
  const median = sorted[sorted.length >> 1]
  const worst = sorted[sorted.length - 1]
  return Float64Array.from(results, ({ type, loss }) => {
    if (type === 'complete' && loss !== undefined) return bounded(loss)
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
 * far above the median, beside how far the good half lies below, is drawn towards a bound.
 */
function drawnIn(losses: Float64Array): Float64Array {
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
  const room = FAR * spread
  return losses.map((x) => (x > edge && spread > 0 ? edge + room * (1 - room / (room + x - edge)) : x))
}

/** Numbers with mean 0 and variance 1, but where all are equal. */
function centered(numbers: Float64Array) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length
  const variance = numbers.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / numbers.length
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 1
  return { values: numbers.map((x) => (x - mean) * scale), mean, scale }
}

/** What a model learns from the results that may be seen; undefined where none is complete. */
export function observe(results: readonly Result[]): Observed | undefined {
  if (!results.some(({ type, loss }) => type === 'complete' && loss !== undefined)) return undefined
  const there = results.flatMap(({ type }, i) => (type === 'failed' ? [] : [i]))
  const losses = lossesOf(there.map((i) => results[i]))
  const chosen = chosenOf(losses)
  return {
    trials: chosen.map((i) => there[i]),
    values: centered(drawnIn(Float64Array.from(chosen, (i) => losses[i]))).values,
  }
}

/** Which trials failed, of the latest: 1 and −1 by mean and variance, and what lies between them. */
export interface Outcomes extends Observed {
  readonly threshold: number
}

/** What a model of failures learns from; undefined where none failed, or all did. */
export function observeFailures(results: readonly Result[]): Outcomes | undefined {
  const first = Math.max(0, results.length - MOST)
  const signs = Float64Array.from(results.slice(first), ({ type }) => (type === 'failed' ? -1 : 1))
  if (signs.every((sign) => sign === signs[0])) return undefined
  const { values, mean, scale } = centered(signs)
  return { trials: Array.from(signs, (_, i) => first + i), values, threshold: -mean * scale }
}

export const pointsOf = (points: readonly Point[], { trials }: Observed): Point[] =>
  trials.map((i) => points[i])
