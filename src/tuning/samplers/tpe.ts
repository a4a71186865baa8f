import { type Key, key, uniforms } from '../../base/random.ts'
import type { Point } from '../constraints.ts'
import { type Domain, fromUnit, type Scalar, toUnit } from '../domain.ts'
import type { OpenSpace } from '../open-space.ts'
import { categorical, type Density, parzen } from './parzen.ts'
import { randomPoints } from './random.ts'
import type { Result, Sampler, SamplerSetting, Seen } from './sampler.ts'

/** Random trials before the first that is guided. */
const STARTUP = 10
/** Values that are weighed for each parameter. */
const CANDIDATES = 24
/** Attempts at a point that the constraints allow and that is new, each less greedy than the one before. */
const ATTEMPTS = 16

/** How many of n trials count as good: a tenth, at most 25. */
const goodOf = (n: number) => Math.min(25, Math.ceil(0.1 * n))

/** Smaller is better: complete trials by loss, then pruned ones (the longer they ran the better), then failed ones. */
function compare(a: Result, b: Result): number {
  const rank = { complete: 0, pruned: 1, failed: 2 }
  if (a.type !== b.type) return rank[a.type] - rank[b.type]
  if (a.type === 'failed') return 0
  if (a.type === 'pruned' && a.step !== b.step) return b.step - a.step
  return (a.loss ?? Infinity) - (b.loss ?? Infinity) || 0
}

/** The numbers of the good trials and of the others; trials whose result may not be seen yet are among the others. */
function divide({ points, results }: Seen): { good: number[]; others: number[] } {
  const order = results.map((_, i) => i).sort((a, b) => compare(results[a], results[b]) || a - b)
  const ranked = order.filter((i) => results[i].type !== 'failed').length
  const good = order.slice(0, goodOf(ranked))
  const pending = points.slice(results.length).map((_, i) => results.length + i)
  return { good, others: [...order.slice(good.length), ...pending] }
}

/** The densities of a parameter among good trials and others, those in which it was there. */
function densities(
  domain: Domain,
  name: string,
  { points }: Seen,
  trials: readonly number[],
): Density<Scalar> {
  const observed: Scalar[] = []
  for (const trial of trials) if (points[trial][name] !== undefined) observed.push(points[trial][name])
  if (domain.kind === 'oneOf') return categorical(domain, observed)
  const estimate = parzen(observed.map((value) => toUnit(domain, value)))
  return {
    draw: (which, where) => fromUnit(domain, Math.min(estimate.draw(which, where), 1 - 1e-16)),
    at: (value) => estimate.at(toUnit(domain, value)),
  }
}

/**
 * The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011): the value that is drawn is the one,
 * among some from the density of the good trials, that is most likelier there than among the others. A parameter under a
 * condition learns from the trials in which it was there. A point is proposed once only where the space is counted.
 */
export function tpe({ space, seed }: SamplerSetting): Sampler {
  const from = key(seed).child('tpe')
  const startup = randomPoints(space, key(seed).child('random'))
  const isCounted = Number.isFinite(space.size)
  const isNew = (point: Point, seen: Seen) => !isCounted || !seen.has(space.nameOf(point))
  const firstUnseen = (seen: Seen): Point | undefined => {
    for (let i = 0; ; i++) {
      const point = startup(i)
      if (point === undefined || isNew(point, seen)) return point
    }
  }
  return {
    kind: 'tpe',
    seesResults: true,
    propose(n, seen) {
      const { good, others } = divide(seen)
      if (n < STARTUP || good.length === 0) return isCounted ? firstUnseen(seen) : startup(n)
      const guided = guide(space, seen, good, others)
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const point = guided(from.child(n).child(attempt), Math.max(1, CANDIDATES >>> attempt))
        if (space.allows(point) && isNew(point, seen)) return point
      }
      return isCounted ? firstUnseen(seen) : startup(n)
    },
  }
}

/** Builds a point parameter by parameter, each the best of some candidates. */
function guide(space: OpenSpace, seen: Seen, good: readonly number[], others: readonly number[]) {
  const cache = new Map<string, { likely: Density<Scalar>; unlikely: Density<Scalar> }>()
  const pairOf = (name: string) => {
    const known = cache.get(name)
    if (known !== undefined) return known
    const domain = space.space.parameters[name]
    const pair = {
      likely: densities(domain, name, seen, good),
      unlikely: densities(domain, name, seen, others),
    }
    cache.set(name, pair)
    return pair
  }
  return (from: Key, candidates: number): Point => {
    const point: Record<string, Scalar> = {}
    for (const name of space.order) {
      if (!space.isThere(name, point)) continue
      const { likely, unlikely } = pairOf(name)
      const draws = uniforms(from.child(name), 2 * candidates)
      let best = -1
      for (let c = 0; c < candidates; c++) {
        const value = likely.draw(draws[2 * c], draws[2 * c + 1])
        const promise = candidates === 1 ? 0 : likely.at(value) / unlikely.at(value)
        if (promise > best) {
          best = promise
          point[name] = value
        }
      }
    }
    return point
  }
}
