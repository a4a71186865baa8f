import { type Key, key, uniforms } from '../../base/random.ts'
import type { Point } from '../constraints.ts'
import type { OpenSpace } from '../open-space.ts'
import { type Density, parzen } from './parzen.ts'
import { randomPoints } from './random.ts'
import type { Result, Sampler, SamplerSetting, Seen } from './sampler.ts'

/** Results that are seen before the first guided trial; failures don't count. */
const STARTUP = 10
/** Points that are weighed for a trial. */
const CANDIDATES = 24
/** Times that candidates are drawn where the constraints allow none of them, or none is new. */
const ATTEMPTS = 16
/** The trials that count in full, the latest; those before count the less the older they are. */
const FRESH = 25
/** The trials among which the others are: a proposal takes no longer however many there were. */
const HISTORY = 1000
/** The most good ones. */
const MOST_GOOD = 25

/** How many of n trials count as good: a tenth. */
const goodOf = (n: number) => Math.min(MOST_GOOD, Math.ceil(0.1 * n))

/** Smaller is better: complete trials by loss, then pruned ones (the longer they ran the better), then failed ones. */
function compare(a: Result, b: Result): number {
  const rank = { complete: 0, pruned: 1, failed: 2 }
  if (a.type !== b.type) return rank[a.type] - rank[b.type]
  if (a.type === 'failed') return 0
  if (a.type === 'pruned' && a.step !== b.step) return b.step - a.step
  return (a.loss ?? Infinity) - (b.loss ?? Infinity) || 0
}

/** The numbers of the best trials, at most so many, the best first. */
function bestOf(results: readonly Result[], count: number): number[] {
  const best: number[] = []
  results.forEach((result, i) => {
    if (result.type === 'failed') return
    let place = best.length
    while (place > 0 && compare(result, results[best[place - 1]]) < 0) place -= 1
    if (place < count) best.splice(place, 0, i)
    if (best.length > count) best.pop()
  })
  return best
}

/** The numbers of the good trials and of the others, ascending; trials whose result may not be seen yet are among the others. */
function divide({ points, results }: Seen, ranked: number): { good: number[]; others: number[] } {
  const good = new Set(bestOf(results, goodOf(ranked)))
  const others: number[] = []
  for (let i = Math.max(0, points.length - HISTORY); i < points.length; i++) if (!good.has(i)) others.push(i)
  return { good: [...good].sort((a, b) => a - b), others }
}

/** Weights of n trials in the order of their numbers: 1 of the latest, falling evenly to 1/n of the first. */
const weightsOf = (n: number) =>
  Array.from({ length: n }, (_, i) => {
    const old = n - FRESH
    if (i >= old) return 1
    return old === 1 ? 1 / n : 1 / n + (i / (old - 1)) * (1 - 1 / n)
  })

/**
 * The tree-structured Parzen estimator over whole points (Bergstra et al. 2011; Falkner, Klein and Hutter 2018; Watanabe 2023,
 * "Tree-structured Parzen estimator: understanding its algorithm components and their roles for better empirical
 * performance"): of some points drawn from the density of the good trials, the one that is most likelier there than among the
 * others. A point is proposed once only where the space is counted.
 */
export function tpe({ space, seed }: SamplerSetting): Sampler {
  const from = key(seed).child('tpe')
  const startup = randomPoints(space, key(seed).child('random'))
  const isCounted = Number.isFinite(space.size)
  const isNew = (point: Point, seen: Seen) => !isCounted || !seen.has(space.nameOf(point))
  const atRandom = (n: number, seen: Seen): Point | undefined => {
    if (!isCounted) return startup(n)
    for (let i = 0; ; i++) {
      const point = startup(i)
      if (point === undefined || isNew(point, seen)) return point
    }
  }
  return {
    kind: 'tpe',
    seesResults: true,
    propose(n, seen) {
      const ranked = seen.results.reduce((count, { type }) => count + (type === 'failed' ? 0 : 1), 0)
      if (ranked < STARTUP) return atRandom(n, seen)
      const { good, others } = divide(seen, ranked)
      const density = (trials: readonly number[]) =>
        parzen(
          space,
          trials.map((i) => seen.points[i]),
          weightsOf(trials.length),
        )
      const pair = { likely: density(good), unlikely: density(others) }
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const may = (point: Point) => space.allows(point) && isNew(point, seen)
        const point = mostPromising(space, pair, may, from.child(n).child(attempt))
        if (point !== undefined) return point
      }
      return atRandom(n, seen)
    },
  }
}

/** Of some points from the one density those that may be proposed, and of them the one that is likeliest beside the other. */
function mostPromising(
  space: OpenSpace,
  { likely, unlikely }: { readonly likely: Density; readonly unlikely: Density },
  may: (point: Point) => boolean,
  from: Key,
): Point | undefined {
  let best: Point | undefined
  let most = -Infinity
  for (let c = 0; c < CANDIDATES; c++) {
    const point = likely.draw(uniforms(from.child(c), space.order.length + 1))
    if (!may(point)) continue
    const promise = likely.logAt(point) - unlikely.logAt(point)
    if (best !== undefined && promise <= most) continue
    best = point
    most = promise
  }
  return best
}
