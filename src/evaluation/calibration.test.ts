import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { argmax } from '../base/argmax.ts'
import { calibrationRecord } from '../record/calibration.ts'
import { answering, coverageCurve, fitThreshold } from './abstaining.ts'
import { claimsOf, describeCalibration, fitOnValidation } from './calibrate.ts'
import { type Claims, expectedCalibrationError, reliability } from './reliability.ts'
import { fitTemperature, soften, softenedLoss } from './temperature.ts'

interface Oracle {
  readonly probabilities: readonly (readonly number[])[]
  readonly truth: readonly number[]
  readonly temperature: number
  readonly loss: { readonly before: number; readonly after: number }
  readonly accuracy: number
  readonly bins: readonly { count: number; confidence: number; accuracy: number }[]
  readonly error: number
  readonly half: { readonly answered: number; readonly right: number; readonly between: [number, number] }
}
const oracles: Record<string, Oracle> = JSON.parse(
  readFileSync(new URL('../../test/oracles/calibration.json', import.meta.url), 'utf8'),
)

/** What a network of the oracle says at a temperature. */
const said = ({ probabilities, truth }: Oracle, temperature: number): Claims => {
  const soft = probabilities.map((p) => soften(p, temperature))
  return {
    confidences: soft.map((p) => Math.max(...p)),
    hits: soft.map((p, i) => argmax(p, 0, p.length) === truth[i]),
  }
}

describe.each(Object.entries(oracles))('of a network that is %s', (_, oracle) => {
  const { probabilities, truth } = oracle
  const claims = said(oracle, oracle.temperature)

  test('the temperature is the one that SciPy finds, and so are the losses', () => {
    const flat = probabilities.flat()
    const found = fitTemperature(flat, truth)
    expect(found / oracle.temperature).toBeCloseTo(1, 6)
    expect(softenedLoss(flat, truth, 1)).toBeCloseTo(oracle.loss.before, 9)
    expect(softenedLoss(flat, truth, found)).toBeCloseTo(oracle.loss.after, 9)
  })
  test('the reliability diagram is scikit-learn’s, and so is the error', () => {
    const bins = reliability(claims)
    expect(bins.map(({ count }) => count)).toEqual(oracle.bins.map(({ count }) => count))
    bins.forEach((bin, b) => {
      expect(bin.confidence).toBeCloseTo(oracle.bins[b].confidence, 9)
      expect(bin.accuracy).toBeCloseTo(oracle.bins[b].accuracy, 12)
      expect(bin.confidence).toBeGreaterThan(bin.low)
      expect(bin.confidence).toBeLessThanOrEqual(bin.high)
    })
    expect(expectedCalibrationError(bins)).toBeCloseTo(oracle.error, 9)
  })
  test('the answers above the threshold are as NumPy counts them', () => {
    const threshold = fitThreshold(claims, (1 - oracle.accuracy) / 2)
    const { answered, right, between } = oracle.half
    expect(threshold).toBeCloseTo((between[0] + between[1]) / 2, 9)
    const { coverage, accuracy } = answering(claims, threshold)
    expect([coverage * truth.length, accuracy]).toEqual([
      expect.closeTo(answered, 9),
      expect.closeTo(right / answered, 12),
    ])
  })
})

// The example in the documentation of torchmetrics' MulticlassCalibrationError: 0.2000 with three bins.
test('the calibration error agrees with a published example', () => {
  const claims = { confidences: [0.55, 0.55, 0.6, 0.9], hits: [false, false, true, true] }
  expect(expectedCalibrationError(reliability(claims, 3))).toBeCloseTo(0.2, 12)
})

test('every confidence has its bin: those on an edge belong to the bin below, 0 to the first', () => {
  const bins = reliability({ confidences: [0, 0.25, 0.5, 1], hits: [true, true, true, true] }, 4)
  expect(bins.map(({ low, count }) => [low, count])).toEqual([
    [0, 2],
    [0.25, 1],
    [0.75, 1],
  ])
})

describe('a temperature', () => {
  test('keeps the order of the classes, and impossible ones impossible', () => {
    expect(soften([0, 0.25, 0.75], 2)[0]).toBe(0)
    expect(soften([0, 1e-30, 1], 1)).toEqual([0, 1e-30, 1])
    const [a, b, c] = soften([0.2, 0.3, 0.5], 3)
    expect(a < b && b < c && c < 0.5).toBe(true)
  })
  test('is fitted within limits where no temperature is best', () => {
    const alwaysRight = fitTemperature([0.9, 0.1, 0.2, 0.8], [0, 1])
    expect(alwaysRight).toBeCloseTo(0.05, 12)
    expect(fitTemperature([0.9, 0.1, 0.2, 0.8], [1, 0])).toBeCloseTo(20, 9)
    expect(fitTemperature([], [])).toBe(1)
  })
  test('is fitted also where a class was given no probability at all', () => {
    const found = fitTemperature([1, 0, 1, 0, 1, 0, 1, 0], [0, 0, 0, 1])
    expect(found).toBeGreaterThan(1)
    expect(softenedLoss([1, 0], [1], 1)).toBeCloseTo(126 * Math.LN2, 9)
  })
})

describe('the threshold below which it is not sure', () => {
  const claims = { confidences: [0.9, 0.8, 0.8, 0.6, 0.5], hits: [true, true, false, true, false] }
  test('never parts images of one confidence', () => {
    expect(fitThreshold(claims, 0.1)).toBeCloseTo(0.85, 12)
  })
  test('leaves as many answered as the risk allows', () => {
    expect(fitThreshold(claims, 0.25)).toBeCloseTo(0.55, 12)
    expect(fitThreshold(claims, 0.4)).toBe(0)
    expect(fitThreshold({ confidences: [0.9], hits: [false] }, 0.4)).toBe(1)
  })
  test('draws a curve that ends where everything is answered', () => {
    expect(coverageCurve(claims).map(({ coverage }) => coverage)).toEqual([0.2, 0.4, 0.6, 0.8, 1])
    expect(coverageCurve(claims).at(-1)).toEqual({ threshold: 0.5, coverage: 1, accuracy: 0.6 })
    expect(coverageCurve({ confidences: [], hits: [] })).toEqual([])
  })
})

/** Two classes; each image's probability of class 1, and what it is. */
const saidOf = (images: readonly (readonly [probability: number, truth: number])[]) => ({
  probabilities: Float32Array.from(images.flatMap(([p]) => [1 - p, p])),
  predicted: Uint8Array.from(images, ([p]) => (p > 0.5 ? 1 : 0)),
  truth: Uint8Array.from(images, ([, label]) => label),
})

describe('validation that cannot tell', () => {
  test('without a mistake (case 02) keeps the temperature at 1, and knows of no confidence below the least that it saw', () => {
    const six = saidOf([0.9, 0.1, 0.85, 0.2, 0.95, 0.3].map((p) => [p, p > 0.5 ? 1 : 0]))
    const { temperature, threshold } = fitOnValidation(six)
    expect(temperature).toBe(1)
    expect(threshold).toBeCloseTo(0.7, 6)
  })
  test('with one mistake among few keeps 1, since left out that image would cost more than the others gain', () => {
    const images = Array.from({ length: 12 }, (_, i): [number, number] => [
      i % 2 === 0 ? 0.9 : 0.1,
      (i + 1) % 2,
    ])
    images[4] = [0.9, 0]
    expect(fitOnValidation(saidOf(images)).temperature).toBe(1)
  })
  test('of no images changes nothing', () => {
    expect(fitOnValidation(saidOf([]))).toEqual({ temperature: 1, threshold: 0 })
  })
  test('of answers that are never sure says no share of none (case 23)', () => {
    expect(answering({ confidences: [0.4, 0.3], hits: [true, false] }, 0.9)).toEqual({
      coverage: 0,
      accuracy: null,
    })
    const record = { coverage: 0, accuracy: 1 } // as version 1 wrote it
    const test = {
      count: 2,
      sure: record,
      before: { loss: 1, error: 0, bins: [] },
      after: { loss: 1, error: 0, bins: [] },
      curve: [],
    }
    expect(calibrationRecord.parse({ temperature: 1, threshold: 1, test }).test.aboveThreshold).toEqual({
      coverage: 0,
      accuracy: null,
    })
  })
})

test('what is fitted on validation makes the probabilities of other images more honest, and half the mistakes go', () => {
  const { probabilities, truth } = oracles.overconfident
  const half = (from: number) => {
    const part = probabilities.slice(from, from + 80)
    return {
      probabilities: Float32Array.from(part.flat()),
      predicted: Uint8Array.from(part, (p) => argmax(p, 0, 4)),
      truth: Uint8Array.from(truth.slice(from, from + 80)),
    }
  }
  const [validation, other] = [half(0), half(80)]
  const found = describeCalibration(fitOnValidation(validation), { validation, test: other })
  expect(calibrationRecord.parse(found)).toEqual(found)
  expect(found.test.after.loss).toBeLessThan(found.test.before.loss)
  expect(found.test.after.expectedCalibrationError).toBeLessThan(found.test.before.expectedCalibrationError)
  const { coverage, accuracy } = answering(claimsOf(validation, 1), 0)
  expect(coverage).toBe(1)
  expect(1 - found.validation!.aboveThreshold.accuracy!).toBeLessThanOrEqual((1 - accuracy!) / 2)
})
