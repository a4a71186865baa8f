import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compareClassifiers } from './compare-classifiers.ts'
import { mcnemar, smallestDifference } from './mcnemar.ts'

interface Oracle {
  readonly classifiers: {
    readonly accuracies: readonly number[]
    readonly pairs: readonly { a: number; b: number; table: number[][]; exact: number; midP: number }[]
    readonly holm: readonly number[]
  }
}
const { classifiers: oracle }: Oracle = JSON.parse(
  readFileSync(new URL('../../test/oracles/statistics.json', import.meta.url), 'utf8'),
)

/** The formula of test/oracles/statistics.py: 400 numbers in [0, 1) from a multiplicative hash of their positions. */
const words = (salt: number) =>
  Array.from({ length: 400 }, (_, i) => {
    const mixed = Math.imul(i + 1, 2_654_435_761) ^ Math.imul(salt, 2_246_822_519)
    return (Math.imul(mixed, 3_266_489_917) >>> 0) / 2 ** 32
  })
const labels = words(1).map((word) => Math.floor(10 * word))
const hard = words(2)
const classifier = (salt: number, bound: number) => {
  const own = words(salt)
  return labels.map((label, i) => (hard[i] * 0.6 + own[i] * 0.4 < bound ? label : (label + 1) % 10))
}
const said = [classifier(3, 0.8), classifier(4, 0.78), classifier(5, 0.66)]

/** Predictions and labels whose table is [[bothRight, onlyA], [onlyB, bothWrong]]. */
const ofTable = ([[bothRight, onlyA], [onlyB, bothWrong]]: number[][]) => {
  const cells = [...Array(bothRight).fill([1, 1]), ...Array(onlyA).fill([1, 0])]
  cells.push(...Array(onlyB).fill([0, 1]), ...Array(bothWrong).fill([0, 0]))
  return mcnemar(
    cells.map(([a]) => a),
    cells.map(([, b]) => b),
    cells.map(() => 1),
  )
}

describe('McNemar’s test', () => {
  test('agrees with statsmodels and SciPy', () => {
    for (const { a, b, table, exact, midP } of oracle.pairs) {
      const found = mcnemar(said[a], said[b], labels)
      expect([
        [found.bothRight, found.onlyA],
        [found.onlyB, found.bothWrong],
      ]).toEqual(table)
      expect(found.exactPValue / exact).toBeCloseTo(1, 9)
      expect(found.pValue / midP).toBeCloseTo(1, 9)
    }
  })
  // Bentur et al. (2009) and Cavo et al. (2012), as worked by Fagerland, Lydersen and Laake (2013; 2014).
  test('agrees with published examples', () => {
    const airways = ofTable([
      [1, 1],
      [7, 12],
    ])
    expect(airways.exactPValue).toBeCloseTo(0.0703, 4)
    expect(airways.pValue).toBeCloseTo(0.0391, 4)
    expect(airways.difference).toBeCloseTo(-0.286, 3)
    expect(airways.ci95).toEqual([expect.closeTo(-0.508, 3), expect.closeTo(-0.013, 3)])
    const response = ofTable([
      [59, 6],
      [16, 80],
    ])
    expect([response.exactPValue, response.pValue]).toEqual([
      expect.closeTo(0.0525, 4),
      expect.closeTo(0.0347, 4),
    ])
  })
  test('is the same seen from the other side', () => {
    const [there, back] = [mcnemar(said[0], said[1], labels), mcnemar(said[1], said[0], labels)]
    expect(back).toMatchObject({ pValue: there.pValue, difference: -there.difference, onlyA: there.onlyB })
    expect(back.ci95[0]).toBeCloseTo(-there.ci95[1], 12)
  })
  test('finds no difference between a classifier and itself, or on no images', () => {
    expect(mcnemar(said[0], said[0], labels)).toMatchObject({ pValue: 1, exactPValue: 1, difference: 0 })
    expect(mcnemar([], [], [])).toMatchObject({ pValue: 1, difference: 0, ci95: [-1, 1] })
  })
  test('refuses predictions of other images', () => {
    expect(() => mcnemar([1, 2], [1], [1, 2])).toThrow('expected 2, one for each label, received 1')
  })
})

describe('the size of the test set', () => {
  test('a difference just above the smallest is significant, one just below is not', () => {
    const least = smallestDifference(10_000, 0.08)
    expect(100 * least).toBeCloseTo(0.554, 3)
    const ofDifference = (difference: number) => {
      const onlyA = Math.round(400 + 5000 * difference)
      return ofTable([
        [9000, onlyA],
        [800 - onlyA, 200],
      ]).pValue
    }
    expect(ofDifference(least + 4e-4)).toBeLessThan(0.05)
    expect(ofDifference(least - 4e-4)).toBeGreaterThan(0.05)
  })
  test('four times the images halve it, more comparisons raise it', () => {
    expect(smallestDifference(40_000, 0.08)).toBeCloseTo(smallestDifference(10_000, 0.08) / 2, 12)
    expect(smallestDifference(10_000, 0.08, 15)).toBeGreaterThan(smallestDifference(10_000, 0.08, 2))
  })
})

describe('several classifiers', () => {
  const names = ['first', 'second', 'third']
  const once = compareClassifiers(
    labels,
    names.map((name, i) => ({ name, predictions: [said[i]] })),
  )
  test('every pair is tested, corrected for their number, as statsmodels does', () => {
    expect(once.classifiers.map(({ accuracy }) => accuracy)).toEqual(oracle.accuracies)
    expect(once.pairs.map(({ a, b }) => [a, b])).toEqual([
      ['first', 'second'],
      ['first', 'third'],
      ['second', 'third'],
    ])
    for (const [i, { adjustedPValue }] of once.pairs.entries())
      expect(adjustedPValue / oracle.holm[i]).toBeCloseTo(1, 9)
    expect(once.pairs.every(({ distinguishable }) => distinguishable)).toBe(true)
  })
  test('a correction may take a claim back', () => {
    const near = Array.from({ length: 4 }, (_, i) => ({
      name: `near ${i}`,
      predictions: [said[i < 2 ? i : 1]],
    }))
    const [first] = compareClassifiers(labels, near).pairs
    expect(first.pValue).toBeLessThan(0.05)
    expect(first).toMatchObject({ distinguishable: false })
  })
  test('seeds are told by mean and interval, and compared seed by seed', () => {
    const seeds = [1, 2, 3]
    const { classifiers, pairs } = compareClassifiers(labels, [
      { name: 'a', seeds, predictions: [said[0], classifier(6, 0.8), classifier(7, 0.8)] },
      { name: 'b', seeds, predictions: [said[2], classifier(8, 0.66), classifier(9, 0.66)] },
      { name: 'once', predictions: [said[1]] },
    ])
    expect(classifiers[0].overSeeds).toMatchObject({ count: 3, ci95HalfWidth: expect.any(Number) })
    expect(classifiers[2].overSeeds).toBeUndefined()
    expect(pairs[0].overSeeds).toMatchObject({ test: 'paired t', degreesOfFreedom: 2, distinguishable: true })
    expect(pairs[0].overSeeds!.difference).toBeCloseTo(
      classifiers[0].overSeeds!.mean - classifiers[1].overSeeds!.mean,
      12,
    )
    expect(pairs[1].overSeeds).toBeUndefined()
  })
  test('seeds are matched by their numbers; where they do not match, Welch’s test stands in', () => {
    const runs = [said[0], said[1], said[2]]
    const paired = compareClassifiers(labels, [
      { name: 'a', seeds: [1, 2, 3], predictions: runs },
      { name: 'b', seeds: [3, 1, 2], predictions: [runs[2], runs[0], runs[1]] },
    ])
    expect(paired.pairs[0].overSeeds).toMatchObject({ difference: 0, pValue: 1 })
    const apart = compareClassifiers(labels, [
      { name: 'a', seeds: [1, 2, 3], predictions: runs },
      { name: 'b', seeds: [4, 5], predictions: [runs[2], runs[0]] },
    ])
    expect(apart.pairs[0].overSeeds).toMatchObject({ test: 'Welch' })
  })
  test('one alone, or none, has nothing to be compared with', () => {
    expect(compareClassifiers(labels, [{ name: 'a', predictions: [said[0]] }]).pairs).toEqual([])
    expect(compareClassifiers(labels, []).testSet).toMatchObject({ images: 400, disagreement: 0 })
  })
  test('what cannot be compared is refused by name', () => {
    expect(() => compareClassifiers(labels, [{ name: 'a', predictions: [] }])).toThrow('classifier a')
    expect(() => compareClassifiers(labels, [{ name: 'a', predictions: [said[0]], seeds: [1, 2] }])).toThrow(
      'predictions of 2 runs',
    )
  })
})
