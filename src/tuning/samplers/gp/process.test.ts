import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { both, chanceOfSuccess, expectedImprovement } from './acquisition.ts'
import { expectedAtPlaces, fitKernel, logPosterior, type Places, posteriorOf } from './process.ts'

interface Oracle {
  readonly places: readonly number[][]
  readonly values: readonly number[]
  readonly kernel: readonly [number, number, number, number, number]
  readonly logPosterior: number
  readonly gradient: readonly number[]
  readonly expected: readonly number[]
  readonly at: readonly number[][]
  readonly logImprovement: readonly number[]
  readonly slopes: readonly number[][]
}
const { process: oracle }: { readonly process: Oracle } = JSON.parse(
  readFileSync(new URL('../../../../test/oracles/gaussian_process.json', import.meta.url), 'utf8'),
)
const places: Places = {
  rows: Float64Array.from(oracle.places.flat()),
  count: oracle.places.length,
  width: 3,
  numbers: 2,
}
const values = Float64Array.from(oracle.values)
const kernel = {
  nearness: Float64Array.from(oracle.kernel.slice(0, 3)),
  scale: oracle.kernel[3],
  noise: oracle.kernel[4],
}

test('the posterior of a kernel and its gradient are those in 50 digits', () => {
  const gradient = new Float64Array(5)
  expect(logPosterior(places, values, kernel, gradient)).toBeCloseTo(oracle.logPosterior, 10)
  oracle.gradient.forEach((slope, i) => {
    expect(gradient[i]).toBeCloseTo(slope, 10)
  })
})

test('what is expected at the places, and of others the expected improvement and its gradient', () => {
  const posterior = posteriorOf(places, values, kernel)
  expectedAtPlaces(posterior, posterior.whitened).forEach((mean, i) => {
    expect(mean).toBeCloseTo(oracle.expected[i], 10)
  })
  const acquisition = expectedImprovement(posterior, places.count, [])
  oracle.at.forEach((at, i) => {
    const place = Float64Array.from(at)
    expect(acquisition.at(place)).toBeCloseTo(oracle.logImprovement[i], 8)
    const gradient = new Float64Array(3)
    expect(acquisition.withGradient(place, gradient)).toBe(acquisition.at(place))
    oracle.slopes[i]?.forEach((slope, d) => {
      expect(gradient[d]).toBeCloseTo(slope, 7)
    })
  })
})

test('with guesses at results the gradient is that of finite differences', () => {
  const known = 5
  const posterior = posteriorOf(places, values.subarray(0, known), kernel)
  const draws = [0.3, -1.4, 1.1].map((z, i) => Float64Array.of(z, 0.5 * i - 0.4))
  const acquisition = expectedImprovement(posterior, known, draws)
  const place = Float64Array.of(0.43, 0.62, 1)
  const gradient = new Float64Array(3)
  acquisition.withGradient(place, gradient)
  for (const d of [0, 1]) {
    const [more, less] = [1e-6, -1e-6].map((h) => acquisition.at(place.map((x, i) => (i === d ? x + h : x))))
    expect(gradient[d]).toBeCloseTo((more - less) / 2e-6, 5)
  }
})

test('the chance that a trial does not fail has the gradient of finite differences, also beside the improvement', () => {
  const posterior = posteriorOf(places, values, kernel)
  const chance = chanceOfSuccess(posterior, 0.3)
  const improvement = expectedImprovement(posterior, places.count, [])
  const place = Float64Array.of(0.43, 0.62, 1)
  for (const acquisition of [chance, both(chance, improvement)]) {
    const gradient = new Float64Array(3)
    expect(acquisition.withGradient(place, gradient)).toBe(acquisition.at(place))
    for (const d of [0, 1]) {
      const [more, less] = [1e-6, -1e-6].map((h) =>
        acquisition.at(place.map((x, i) => (i === d ? x + h : x))),
      )
      expect(gradient[d]).toBeCloseTo((more - less) / 2e-6, 5)
    }
  }
  expect(chance.at(Float64Array.of(0.3, 0.8, 2))).toBeGreaterThan(-0.1)
  expect(chance.at(Float64Array.of(0.6, 0.6, 0))).toBeLessThan(-5)
})

test('a fit is no worse than where it begins, and has no slope left', () => {
  const fitted = fitKernel(places, values)
  const gradient = new Float64Array(5)
  const log = logPosterior(places, values, fitted, gradient)
  expect(log).toBeGreaterThan(logPosterior(places, values, kernel, new Float64Array(5)))
  for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(2e-2)
})
