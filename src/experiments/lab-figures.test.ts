import { describe, expect, test } from 'vitest'
import { powerOfTen } from '../visualization/format.ts'
import { gradientPoints, normDomain } from './activations/gradient-norms.ts'
import { deadByEpoch, predictedCells } from './doubled-softmax/dead-classes.ts'
import { hardestPull, softmaxGradient, softmaxGradientRows } from './doubled-softmax/softmax-gradient.ts'
import { lostSpans, productPoints } from './initialization/multiplication-figure.ts'

describe('products of matrices', () => {
  const row = (step: number, mean: number | 'inf' | 'nan', std: number | 'inf' | 'nan') => ({
    step,
    mean,
    std,
  })
  const rows = [row(0, 100, 10), row(1, 'inf', 'nan'), row(2, 'inf', 'nan'), row(3, 0, 0)]
  const record = { series: [{ low: 0, high: 10, rows, zeroAt: 3, infiniteAt: 1 }] }
  test('points are the figures that have a logarithm', () => {
    expect(productPoints(record)).toEqual([
      { range: '0 to 10', measure: 'mean', step: 0, value: 100, exponent: 2 },
      { range: '0 to 10', measure: 'spread', step: 0, value: 10, exponent: 1 },
    ])
  })
  test('the others are spans', () => {
    expect(lostSpans(record).map(({ measure, state, from, to }) => [measure, state, from, to])).toEqual([
      ['mean', 'inf', 1, 2],
      ['mean', '0', 3, 3],
      ['spread', 'nan', 1, 2],
      ['spread', '0', 3, 3],
    ])
  })
  test('powers of ten are written as people write them', () => {
    expect([0, 20, -45].map(powerOfTen)).toEqual(['1', '10²⁰', '10⁻⁴⁵'])
  })
})

describe('gradients', () => {
  const runs = [
    {
      name: 'a',
      title: 'A',
      activation: 'relu' as const,
      initializer: 'he-normal' as const,
      layers: ['hidden_layer_1', 'output_layer'],
      rows: [{ step: 10, loss: 1, norms: [0.02, null] }],
    },
  ]
  test('a layer without a gradient leaves no point', () => {
    expect(gradientPoints({ runs })).toEqual([{ run: 'a', layer: 'layer 1', depth: 0, step: 10, norm: 0.02 }])
  })
  test('the scale ends at whole powers of ten', () => {
    const [low, high] = normDomain(gradientPoints({ runs }))
    expect(low).toBeCloseTo(0.01)
    expect(high).toBeCloseTo(0.1)
    expect(normDomain([])).toEqual([0.1, 1])
  })
})

describe('the pull of the loss', () => {
  /** −ln softmax(softmax(z))[0] where z gives class 0 the confidence p and the others the rest. */
  function doubledLoss(logit: number, classes: number): number {
    const softmax = (z: readonly number[]) => {
      const e = z.map(Math.exp)
      const total = e.reduce((a, b) => a + b, 0)
      return e.map((x) => x / total)
    }
    return -Math.log(softmax(softmax([logit, ...new Array<number>(classes - 1).fill(0)]))[0])
  }
  test('is the slope of the loss, measured', () => {
    for (const p of [0.01, 0.3, 0.9]) {
      const logit = Math.log((p * 9) / (1 - p))
      const h = 1e-5
      const slope = (doubledLoss(logit + h, 10) - doubledLoss(logit - h, 10)) / (2 * h)
      expect(softmaxGradient(p, 10).twice).toBeCloseTo(-slope, 8)
    }
  })
  test('with softmax twice is nothing at both ends; with softmax once it is whole where it errs', () => {
    const rows = softmaxGradientRows(10)
    expect(rows[0]).toEqual({ confidence: 0, once: 1, twice: 0 })
    expect(rows[rows.length - 1].twice).toBe(0)
    expect(hardestPull(rows).twice).toBeLessThan(0.25)
  })
})

test('a class that no image is given to is dead', () => {
  const predicted = [
    { epoch: 1, counts: [3, 1] },
    { epoch: 2, counts: [4, 0] },
  ]
  expect(deadByEpoch(predicted)).toEqual([
    { epoch: 1, dead: [] },
    { epoch: 2, dead: [1] },
  ])
  expect(predictedCells(predicted)[3]).toEqual({
    epoch: 2,
    classNumber: 1,
    count: 0,
    share: 0,
    fairness: 0,
    isDead: true,
  })
})
