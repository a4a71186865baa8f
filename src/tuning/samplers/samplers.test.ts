import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { key } from '../../base/random.ts'
import type { Point } from '../constraints.ts'
import { integers, logRange, oneOf, range, when } from '../domain.ts'
import { type OpenSpace, openSpace } from '../open-space.ts'
import { defineSpace, type Space } from '../space.ts'
import { cnn, mlp } from '../spaces/reference.ts'
import { type SamplerName, samplerNames, samplers } from './index.ts'
import { permuted } from './permutation.ts'
import { type Result, seenSoFar } from './sampler.ts'
import { SOBOL_DIMENSIONS, sobolSequence } from './sobol.ts'

const tree = defineSpace({
  name: 'tree',
  parameters: {
    depth: integers(1, 3),
    first: [8, 16, 32],
    second: when({ depth: { atLeast: 2 } }, oneOf(8, 16, 32)),
    kind: ['sgd', 'adam'],
  },
  constraints: [{ lessOrEqual: ['second', 'first'] }],
})
const open = defineSpace({
  name: 'open',
  parameters: {
    rate: logRange(1e-4, 1),
    x: range(-1, 1),
    extra: when({ kind: 'b' }, range(0, 1)),
    kind: ['a', 'b'],
  },
  constraints: [(point) => point.rate < 0.9],
})

const LAG = 3

/** Runs trials one after another, every result being known at once; only what may be seen is shown. */
function run(
  name: SamplerName,
  space: OpenSpace,
  { seed, trials, loss }: { seed: number; trials: number; loss: (point: Point, n: number) => Result },
): Point[] {
  const sampler = samplers[name]({ space, seed })
  const seen = seenSoFar(space)
  const all: Result[] = []
  for (let n = 0; n < trials; n++) {
    seen.results.push(...all.slice(seen.results.length, Math.max(0, n - LAG)))
    const point = sampler.propose(n, seen)
    if (point === undefined) break
    seen.add(point)
    all.push(loss(point, n))
  }
  return [...seen.points]
}

const complete = (loss: number): Result => ({ type: 'complete', loss, step: 1 })
const anyLoss = (_: Point, n: number): Result =>
  n % 7 === 3
    ? { type: 'failed', loss: undefined, step: 0 }
    : { type: n % 3 === 1 ? 'pruned' : 'complete', loss: Math.abs((n * 37) % 11), step: (n % 5) + 1 }

interface SamplerTraits {
  /** It goes through the points in one order, whatever the seed. */
  readonly isOrdered?: boolean
  /** It takes spaces whose points cannot be counted. */
  readonly takesRanges?: boolean
}

/** A case for every sampler: one without does not compile. */
const cases: Record<SamplerName, SamplerTraits> = {
  random: {},
  grid: { isOrdered: true, takesRanges: false },
  sobol: {},
  tpe: {},
  gp: {},
}

/** What every sampler promises. */
function describeSampler(name: SamplerName, { isOrdered = false, takesRanges = true }: SamplerTraits) {
  describe(`the sampler ${name}`, () => {
    const spaces: Space[] = takesRanges ? [mlp, tree, open] : [mlp, tree]
    test.each(spaces.map((space) => [space.name, space] as const))('keeps to the space %s', (_, given) => {
      const space = openSpace(given)
      const points = run(name, space, { seed: 5, trials: 60, loss: anyLoss })
      for (const point of points) expect(space.contains(point)).toBe(true)
      expect(points.length).toBe(Math.min(60, space.countAllowed() ?? 60))
    })
    test('proposes each point of a counted space once, and then says that there is none', () => {
      const space = openSpace(tree)
      const points = run(name, space, { seed: 2, trials: 1000, loss: anyLoss })
      expect(new Set(points.map(space.nameOf)).size).toBe(points.length)
      expect(points.length).toBe(space.countAllowed())
    })
    test('says the same again, whatever it was asked before', () => {
      for (const given of spaces) {
        const space = openSpace(given)
        const once = run(name, space, { seed: 9, trials: 25, loss: anyLoss })
        expect(run(name, openSpace(given), { seed: 9, trials: 25, loss: anyLoss })).toEqual(once)
        const fresh = samplers[name]({ space, seed: 9 })
        for (const n of [24, 3, 17, 0]) {
          const seen = seenSoFar(space)
          once.slice(0, n).forEach(seen.add)
          seen.results.push(...once.slice(0, Math.max(0, n - LAG)).map(anyLoss))
          expect(fresh.propose(n, seen)).toEqual(once[n])
        }
      }
    })
    if (!isOrdered) {
      test('another seed gives other points', () => {
        const space = openSpace(mlp)
        const [a, b] = [1, 2].map((seed) => run(name, space, { seed, trials: 8, loss: anyLoss }))
        expect(a).not.toEqual(b)
      })
    }
  })
}

for (const name of samplerNames) describeSampler(name, cases[name])

test('grid asks for points that can be counted', () => {
  expect(() => samplers.grid({ space: openSpace(open), seed: 1 })).toThrow(/--sampler grid: expected .*rate/)
})

describe('the keyed permutation', () => {
  test('is one: every number once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2000 }), (seed, size) => {
        const from = key(seed)
        const all = new Set(Array.from({ length: size }, (_, i) => permuted(from, size, i)))
        expect(all.size).toBe(size)
        expect(Math.max(...all)).toBe(size - 1)
      }),
      { numRuns: 30 },
    )
  })
  test('is even: over seeds each number comes first about as often', () => {
    const counts = new Array(12).fill(0)
    for (let seed = 0; seed < 6000; seed++) counts[permuted(key(seed), 12, 0)] += 1
    const chi2 = counts.reduce((sum, c) => sum + (c - 500) ** 2 / 500, 0)
    expect(chi2).toBeLessThan(31.3) // the 99.9 % quantile for 11 degrees of freedom
  })
  test('reaches sizes near 2^53', () => {
    const size = 2 ** 53 - 111
    const values = [0, 1, 2, size - 1].map((i) => permuted(key(1), size, i))
    expect(values.every((x) => Number.isSafeInteger(x) && x < size)).toBe(true)
    expect(new Set(values).size).toBe(4)
  })
})

describe('Sobol sequences', () => {
  const at = sobolSequence(SOBOL_DIMENSIONS)
  // Joe and Kuo's own program (sobol.cc), 10 points in 3 dimensions.
  test('begin as published', () => {
    const points = Array.from({ length: 10 }, (_, i) => [0, 1, 2].map((d) => at(i, d) / 2 ** 32))
    expect(points).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ])
  })
  test('put one of 256 points into each 256th, in every dimension', () => {
    for (let d = 0; d < SOBOL_DIMENSIONS; d++) {
      const cells = new Set(Array.from({ length: 256 }, (_, i) => at(i, d) >>> 24))
      expect(cells.size).toBe(256)
    }
  })
  test('are more even than chance: pairs of dimensions fill squares', () => {
    const filled = (x: (i: number) => number, y: (i: number) => number) =>
      new Set(Array.from({ length: 256 }, (_, i) => `${x(i) >>> 28},${y(i) >>> 28}`)).size
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(
        filled(
          (i) => at(i, a),
          (i) => at(i, b),
        ),
      ).toBe(256)
    }
  })
})

describe('exact numbers of trials', () => {
  test('0.2 of the MLP space are 64 points, 0.1 of the CNN space 172, all different', () => {
    for (const [given, trials] of [
      [mlp, 64],
      [cnn, 172],
    ] as const) {
      const space = openSpace(given)
      const points = run('random', space, { seed: 1, trials, loss: anyLoss })
      expect(new Set(points.map(space.nameOf)).size).toBe(trials)
    }
  })
})

// Known functions, smaller is better; the known least value is 0 in each.
const branin = (x: number, y: number) =>
  (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
  10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
  10 -
  0.397887
const functions: Record<string, { space: Space; loss: (p: Point) => number }> = {
  'a bowl in four dimensions': {
    space: defineSpace({
      name: 'bowl',
      parameters: { a: range(-1, 1), b: range(-1, 1), c: range(-1, 1), d: range(-1, 1) },
    }),
    loss: (p) => ['a', 'b', 'c', 'd'].reduce((sum, name) => sum + (Number(p[name]) - 0.3) ** 2, 0),
  },
  'Branin’s function': {
    space: defineSpace({ name: 'branin', parameters: { x: range(-5, 10), y: range(0, 15) } }),
    loss: (p) => branin(Number(p.x), Number(p.y)),
  },
  'a tree of choices with a learning rate': {
    space: defineSpace({
      name: 'rates',
      parameters: {
        kind: ['a', 'b', 'c'],
        rate: logRange(1e-5, 1),
        depth: integers(1, 4),
        second: when({ depth: { atLeast: 2 } }, integers(16, 256, 16)),
      },
    }),
    loss: (p) =>
      (p.kind === 'b' ? 0 : 1) +
      Math.abs(Math.log10(Number(p.rate)) + 2) +
      Math.abs(Number(p.depth) - 3) +
      (p.second === undefined ? 1 : Math.abs(Number(p.second) - 128) / 128),
  },
  'the grid of the MLP space': {
    space: mlp,
    loss: (p) =>
      (p.optimizer === 'sgd' ? 0 : 1) +
      (p.learningRate === 0.01 ? 0 : 1) +
      Math.abs(Number(p.dropout) - 0.1) * 3 +
      Math.abs(Math.log2(Number(p.first)) - 8) +
      Math.abs(Math.log2(Number(p.second)) - 7) +
      Math.abs(Math.log2(Number(p.batch)) - 5),
  },
}

describe('TPE beats random (median of 20 seeds, 60 trials)', () => {
  test.each(Object.entries(functions))('on %s', (_, { space: given, loss }) => {
    const medianOf = (name: SamplerName, trials: number) => {
      const best = Array.from({ length: 20 }, (_, seed) => {
        const points = run(name, openSpace(given), { seed, trials, loss: (point) => complete(loss(point)) })
        return Math.min(...points.map(loss))
      }).sort((a, b) => a - b)
      return (best[9] + best[10]) / 2
    }
    const [guided, blind] = [medianOf('tpe', 60), medianOf('random', 60)]
    expect(guided).toBeLessThan(given === mlp ? Math.max(blind, 1e-9) : 0.7 * blind)
  })
})

test('the Gaussian process beats random with half the trials (median of 3 seeds)', () => {
  const { space: given, loss } = functions['Branin’s function']
  const medianOf = (name: SamplerName, trials: number) =>
    [1, 2, 3]
      .map((seed) => {
        const points = run(name, openSpace(given), { seed, trials, loss: (point) => complete(loss(point)) })
        return Math.min(...points.map(loss))
      })
      .sort((a, b) => a - b)[1]
  expect(medianOf('gp', 30)).toBeLessThan(0.5 * medianOf('random', 60))
})

const single = openSpace(
  defineSpace({ name: 'single', parameters: { a: ['x'], b: range(2, 2), c: integers(7, 7) } }),
)
test.each(samplerNames.filter((name) => cases[name].takesRanges !== false))(
  '%s has one proposal for a space of one point',
  (name) => {
    const points = run(name, single, { seed: 1, trials: 5, loss: anyLoss })
    expect(points).toEqual([{ a: 'x', b: 2, c: 7 }])
  },
)
