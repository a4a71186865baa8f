import { describe, expect, test } from 'vitest'
import { key, normals } from '../../../base/random.ts'
import type { Point } from '../../constraints.ts'
import { integers, logRange, oneOf, range, when } from '../../domain.ts'
import { openSpace } from '../../open-space.ts'
import { defineSpace } from '../../space.ts'
import { random } from '../random.ts'
import { type Result, seenSoFar } from '../sampler.ts'
import { encode } from './encode.ts'
import { gp, recommended } from './gp.ts'
import { MOST, observe, observeFailures } from './observed.ts'

const plane = openSpace(defineSpace({ name: 'plane', parameters: { x: range(0, 1), y: range(0, 1) } }))
const bowl = ({ x, y }: Point) => (Number(x) - 0.3) ** 2 + (Number(y) - 0.6) ** 2
const complete = (loss: number): Result => ({ type: 'complete', loss, step: 1 })
const failed: Result = { type: 'failed', loss: undefined, step: 0 }

/** Trials of a sampler on the plane, every result being known at once. */
function play(trials: number, resultOf: (point: Point) => Result, seed = 1) {
  const sampler = gp({ space: plane, seed })
  const seen = seenSoFar(plane)
  for (let n = 0; n < trials; n++) {
    const point = sampler.propose(n, seen)!
    seen.add(point)
    seen.results.push(resultOf(point))
  }
  return { sampler, seen }
}

test('a bowl’s bottom is found in a few guided trials', () => {
  const { seen } = play(18, (point) => complete(bowl(point)))
  expect(Math.min(...seen.points.map(bowl))).toBeLessThan(1e-4)
})

test('trials that run at once are not proposed alike', () => {
  const { sampler, seen } = play(10, (point) => complete(bowl(point)))
  for (let n = 10; n < 14; n++) seen.add(sampler.propose(n, seen)!)
  const last = seen.points.slice(10)
  last.forEach((a, i) => {
    for (const b of last.slice(i + 1))
      expect(Math.hypot(Number(a.x) - Number(b.x), Number(a.y) - Number(b.y))).toBeGreaterThan(0.01)
  })
})

test('the bottom is found beside a region where trials fail, of which few more are tried on the way', () => {
  const { seen } = play(24, (point) => (Number(point.x) > 0.35 ? failed : complete(bowl(point))))
  const guided = seen.results.slice(10, 20)
  expect(guided.filter(({ type }) => type === 'failed').length).toBeLessThanOrEqual(4)
  expect(Math.min(...seen.points.map(bowl))).toBeLessThan(1e-3)
})

test('a loss beyond measure does not hide the others', () => {
  const { seen } = play(20, (point) => complete(Number(point.y) > 0.9 ? 1e30 : bowl(point)))
  expect(Math.min(...seen.points.map(bowl))).toBeLessThan(1e-3)
})

describe('what a model learns from', () => {
  test('pruned trials count no better than the median; of failed ones it is learned where trials fail', () => {
    const losses = [1, 2, 3, 4, 5].map(complete)
    const results: Result[] = [failed, ...losses, { type: 'pruned', loss: 0, step: 3 }]
    const { trials, values } = observe(results)!
    expect(trials).toEqual([1, 2, 3, 4, 5, 6])
    expect(values[5]).toBe(values[2])
    const failures = observeFailures(results)!
    expect(failures.trials).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(failures.values[0]).toBeLessThan(failures.threshold)
    expect(failures.values[1]).toBeGreaterThan(failures.threshold)
    expect(observeFailures(losses)).toBeUndefined()
    expect(observeFailures([failed])).toBeUndefined()
    expect(observe([failed, { type: 'pruned', loss: 1, step: 1 }])).toBeUndefined()
  })
  test('equal losses are no reason to divide by nothing', () => {
    expect([...observe([complete(2), complete(2)])!.values]).toEqual([0, 0])
  })
  test('beyond its limit the best half and the latest of the others', () => {
    const count = 2 * MOST
    const { trials } = observe(Array.from({ length: count }, (_, i) => complete(i)))!
    expect(trials.length).toBe(MOST)
    expect(trials[0]).toBe(0)
    expect(trials[MOST / 2 - 1]).toBe(MOST / 2 - 1)
    expect(trials[MOST / 2]).toBe(count - MOST / 2)
  })
})

test('a point becomes a place: numbers in their own scale, choices by number, and what is missing its own', () => {
  const { placeOf, numbers, axes } = encode(
    openSpace(
      defineSpace({
        name: 'all',
        parameters: {
          kind: ['a', 'b'],
          only: ['one'],
          rate: logRange(1e-4, 1),
          depth: integers(1, 4),
          wide: when({ kind: 'b' }, range(0, 2)),
          how: when({ kind: 'b' }, oneOf('x', 'y')),
        },
      }),
    ),
  )
  expect(axes.map(({ name }) => name)).toEqual(['rate', 'depth', 'wide', 'kind', 'how'])
  expect(numbers).toBe(3)
  const close = (point: Point, place: readonly number[]) =>
    placeOf(point).forEach((x, i) => {
      expect(x).toBeCloseTo(place[i], 12)
    })
  close({ kind: 'a', only: 'one', rate: 0.01, depth: 2 }, [0.5, 0.375, 0.5, 0, -1])
  close({ kind: 'b', only: 'one', rate: 1, depth: 4, wide: 0.5, how: 'y' }, [1, 0.875, 0.25, 1, 1])
})

describe('the trial that is recommended', () => {
  test('is better under noise than the best value, in the mean', () => {
    let [ofBest, ofRecommended] = [0, 0]
    for (let seed = 0; seed < 12; seed++) {
      const points = Array.from(
        { length: 40 },
        (_, n) => random({ space: plane, seed }).propose(n, seenSoFar(plane))!,
      )
      const noise = normals(key(seed).child('noise'), points.length)
      const results = points.map((point, i) => complete(bowl(point) + 0.1 * noise[i]))
      const best = results.reduce((b, { loss }, i) => (loss! < results[b].loss! ? i : b), 0)
      ofBest += bowl(points[best])
      ofRecommended += bowl(points[recommended(plane, points, results)!])
    }
    expect(ofRecommended).toBeLessThan(0.7 * ofBest)
  })
  test('is one that is complete; without any there is none', () => {
    const points = [
      { x: 0.3, y: 0.6 },
      { x: 0.31, y: 0.6 },
      { x: 0.9, y: 0.9 },
    ]
    const pruned: Result = { type: 'pruned', loss: 0, step: 1 }
    expect(recommended(plane, points, [pruned, complete(0.1), complete(3)])).toBe(1)
    expect(recommended(plane, points, [pruned, failed, failed])).toBeUndefined()
  })
})
