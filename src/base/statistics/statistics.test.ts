import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signTest } from './binomial.ts'
import { holm } from './holm.ts'
import { median } from './median.ts'
import { inverseNormal, normalCdf } from './normal.ts'
import { halfWidth, sharesDiffer, wilson } from './shares.ts'
import { spreadOf } from './spread.ts'
import { studentCdf, studentQuantile, studentTails, t975 } from './student.ts'
import { type MeansTest, meansDiffer, pairedTTest, welchTTest } from './t-tests.ts'

interface Means {
  readonly pValue: number
  readonly degrees: number
  readonly interval: readonly [number, number]
}
interface Oracle {
  readonly student: readonly { t: number; degrees: number; cdf: number; tails: number }[]
  readonly quantiles: readonly { tails: number; degrees: number; t: number }[]
  readonly normal: readonly { z: number; cdf: number }[]
  readonly signs: readonly { k: number; n: number; exact: number; midP: number }[]
  readonly shares: readonly { hits: number; count: number; interval: readonly [number, number] }[]
  readonly samples: readonly {
    a: number[]
    b: number[]
    mean: readonly [number, number]
    paired: Means | null
    welch: Means
  }[]
  readonly tables: readonly { p: number[]; holm: number[] }[]
}
const oracle: Oracle = JSON.parse(
  readFileSync(new URL('../../../test/oracles/statistics.json', import.meta.url), 'utf8'),
)

/** Agreement in so many significant digits. */
const expectNear = (ours: number, theirs: number, digits = 10) =>
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(10 ** -digits * Math.abs(theirs) + 1e-300)

describe('as SciPy and statsmodels have it', () => {
  test('Student’s t: distribution, tails and quantiles', () => {
    for (const { t, degrees, cdf, tails } of oracle.student) {
      expectNear(studentCdf(t, degrees), cdf)
      expectNear(studentTails(t, degrees), tails)
    }
    for (const { tails, degrees, t } of oracle.quantiles) expectNear(studentQuantile(tails, degrees), t)
  })
  test('the normal distribution, far into its tail', () => {
    for (const { z, cdf } of oracle.normal) expectNear(normalCdf(z), cdf, 7)
  })
  test('the sign test, exact and mid-p, for few tosses and for many', () => {
    for (const { k, n, exact, midP } of oracle.signs) {
      expectNear(signTest(k, n).exact, exact, 9)
      expectNear(signTest(n - k, n).midP, midP, 9)
    }
  })
  test('Wilson’s interval', () => {
    for (const { hits, count, interval } of oracle.shares) {
      const { low, high } = wilson(hits / count, count)
      expect([low, high]).toEqual(interval.map((bound) => expect.closeTo(bound, 12)))
    }
  })
  test('the mean with its interval, the paired test and Welch’s', () => {
    const same = (ours: MeansTest | undefined, theirs: Means) => {
      expectNear(ours!.pValue, theirs.pValue)
      expectNear(ours!.degreesOfFreedom, theirs.degrees)
      expectNear(ours!.difference - ours!.ci95HalfWidth, theirs.interval[0], 9)
      expectNear(ours!.difference + ours!.ci95HalfWidth, theirs.interval[1], 9)
    }
    for (const { a, b, mean, paired, welch } of oracle.samples) {
      const spread = spreadOf(a)
      expectNear(spread.mean - spread.ci95HalfWidth!, mean[0])
      expectNear(spread.mean + spread.ci95HalfWidth!, mean[1])
      if (paired !== null) same(pairedTTest(a, b), paired)
      same(welchTTest(spread, spreadOf(b)), welch)
    }
  })
  test('Holm’s correction', () => {
    for (const { p, holm: corrected } of oracle.tables) {
      for (const [i, value] of holm(p).entries()) expectNear(value, corrected[i])
    }
  })
})

describe('by their nature', () => {
  test('Holm’s correction is the closure of Bonferroni’s: every set that holds a hypothesis must fall with it', () => {
    const closed = (pValues: readonly number[], i: number) => {
      let most = 0
      for (let set = 0; set < 1 << pValues.length; set++) {
        const members = pValues.filter((_, k) => (set >> k) & 1)
        if ((set >> i) & 1) most = Math.max(most, Math.min(1, members.length * Math.min(...members)))
      }
      return most
    }
    const someOf = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(someOf, (p) => {
        expect(holm(p)).toEqual(p.map((_, i) => closed(p, i)))
      }),
    )
  })
  test.each([1e-9, 0.001, 0.2, 0.5, 0.8, 0.999])('the normal distribution undoes its quantile of %d', (p) => {
    expect(Math.abs(normalCdf(inverseNormal(p)) - p)).toBeLessThan(1e-14)
  })
  test('the extremes of a share stay within [0, 1] and hold it', () => {
    expect(wilson(0, 10)).toMatchObject({ low: 0 })
    expect(wilson(1, 10)).toMatchObject({ high: 1 })
    expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 })
  })
  test('a coin that was never tossed is fair', () => {
    expect(signTest(0, 0)).toEqual({ exact: 1, midP: 1 })
  })
  test('one value has no interval, and no test', () => {
    expect(spreadOf([1]).ci95HalfWidth).toBeUndefined()
    expect(t975(0)).toBe(Infinity)
    expect(pairedTTest([1], [2])).toBeUndefined()
    expect(meansDiffer(spreadOf([1]), spreadOf([7, 8]))).toBeUndefined()
  })
  test('values without any spread differ where they differ', () => {
    const [one, two] = [spreadOf([1, 1]), spreadOf([2, 2])]
    expect(meansDiffer(one, one)).toBe(false)
    expect(meansDiffer(one, two)).toBe(true)
  })
})

describe('as published', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I: 81 of 263.
  test('Wilson’s interval', () => {
    const { low, high } = wilson(81 / 263, 263)
    expect([low, high]).toEqual([expect.closeTo(0.2553, 4), expect.closeTo(0.3662, 4)])
  })
  test('at ten thousand images 0.885 is known to 0.63 points', () => {
    expect(100 * halfWidth(wilson(0.885, 10_000))).toBeCloseTo(0.625, 2)
  })
  test('shares differ beyond what independent samples bring', () => {
    expect(sharesDiffer(0.912, 0.915, 10_000)).toBe(false)
    expect(sharesDiffer(0.9, 0.915, 10_000)).toBe(true)
    expect(sharesDiffer(0.88, 0.885, 12_000)).toBe(false)
    expect(sharesDiffer(0.88, 0.889, 12_000)).toBe(true)
  })
  // scipy.special.ndtri of SciPy 1.10
  test.each([
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.2, -0.8416212335729142],
    [0.5, 0],
    [0.77, 0.7388468491852137],
    [0.9999, 3.719016485455709],
  ])('the normal quantile of %d is %d', (p, z) => {
    expect(inverseNormal(p)).toBeCloseTo(z, 12)
  })
})

test('the median is in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
})
