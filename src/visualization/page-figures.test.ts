import { describe, expect, test } from 'vitest'
import { describeFigures, type FigureOf, type Pictures, texts } from '../../test/support/figures.ts'
import { type CurveValue, curveValues, meanCurve, smooth, thin } from './curve-rows.ts'
import { drawRunCurves } from './learning-curves.ts'
import { drawOverlaidCurves, overlaidDomain, overlaidEpochs } from './overlaid-curves.ts'
import { drawPixelHistogram, pixelBins } from './pixel-histogram.ts'

const values = (numbers: readonly number[]): CurveValue[] =>
  numbers.map((value, i) => ({ epoch: i + 1, value }))
const numbers = (curve: readonly CurveValue[]) => curve.map(({ value }) => value)

describe('curves', () => {
  test('have a value for every epoch that has a finite one', () => {
    expect(curveValues([1, 2, 3], [0.5, null, Number.NaN])).toEqual([{ epoch: 1, value: 0.5 }])
  })
  test('are smoothed by a moving average that does not begin at zero', () => {
    expect(numbers(smooth(values([4, 4, 4]), 0.9)).map((x) => Number(x.toFixed(12)))).toEqual([4, 4, 4])
    // w = ½: s₁ = 1/1, s₂ = (½·1·½ + ½·3)/(1 − ¼) = 7/3
    expect(smooth(values([1, 3]), 0.5)[1].value).toBeCloseTo(7 / 3, 12)
    const raw = values([1, 2])
    expect(smooth(raw, 0)).toBe(raw)
  })
  test('of many epochs are drawn with few points, their spikes kept', () => {
    const long = values(Array.from({ length: 1000 }, (_, i) => (i === 517 ? 99 : i === 711 ? -99 : i % 7)))
    const few = thin(long, 60)
    expect(few.length).toBeLessThanOrEqual(60)
    expect(numbers(few)).toEqual(expect.arrayContaining([99, -99]))
    expect([few[0], few.at(-1)]).toEqual([long[0], long.at(-1)])
    expect(few.map(({ epoch }) => epoch)).toEqual([...few.map(({ epoch }) => epoch)].sort((a, b) => a - b))
    expect(thin(long.slice(0, 60), 60)).toHaveLength(60)
  })
  test('of several seeds have a mean as far as all have come, with Student’s interval', () => {
    const mean = meanCurve([values([1, 2, 9]), values([2, 4]), values([3, 6])])
    expect(mean.map(({ epoch, value, count }) => [epoch, value, count])).toEqual([
      [1, 2, 3],
      [2, 4, 3],
    ])
    expect(mean[0].high).toBeCloseTo(2 + (4.302653 * 1) / Math.sqrt(3), 5) // t(0.975, 2)
  })
  test('share one range, of values above zero where it is logarithmic', () => {
    const curves = [{ name: 'a', values: values([0, 1]) }]
    expect(overlaidDomain(curves, [values([4])], { isShare: false })).toEqual([0, 4.24])
    const [low] = overlaidDomain(curves, [values([4])], { isShare: false, isLog: true })
    expect(low).toBeGreaterThan(0.9)
    expect(overlaidDomain([], [], { isShare: true })).toEqual([0, 1])
    expect(overlaidEpochs([values([1]), []])).toEqual([0.5, 1.5])
  })
})

test('pixels are counted in bins, and all shares make one', () => {
  const counts = Array.from({ length: 256 }, (_, i) => (i === 0 ? 256 : 1))
  const bins = pixelBins(counts)
  expect(bins).toHaveLength(32)
  expect(bins[31]).toMatchObject({ from: 248, to: 255 })
  expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  expect(pixelBins(new Array(256).fill(0))[0].share).toBe(0)
})

/** A curve that falls from about 1.5, a little restless. */
const falling = (speed: number, level: number) =>
  values(
    Array.from(
      { length: 40 },
      (_, i) => level + 1.4 / (1 + speed * i) + 0.03 * (((i * 7 + level * 100) % 5) / 5),
    ),
  )

const seeds = meanCurve([falling(0.4, 0.2), falling(0.44, 0.24), falling(0.5, 0.22)])
const overlaid = [
  { name: 'cnn-small × 3', values: seeds, band: seeds },
  {
    name: 'mlp-large with a name that is long',
    values: smooth(falling(0.3, 0.34), 0.6),
    raw: falling(0.3, 0.34),
  },
]
const others = Array.from({ length: 12 }, (_, i) => falling(0.1 + 0.05 * i, 0.2 + 0.03 * i))

const both = [
  ...falling(0.4, 0.2).map((at) => ({ ...at, split: 'validation' as const })),
  ...falling(0.9, 0.06).map((at) => ({ ...at, split: 'train' as const })),
].map((at) => ({ ...at, run: 'a', metric: 'loss' as const, best: at.epoch === 31 }))

/** The pictures of every figure: one without does not compile. */
const cases: Record<
  | 'drawRunCurves'
  | FigureOf<typeof import('./overlaid-curves.ts')>
  | FigureOf<typeof import('./pixel-histogram.ts')>,
  Pictures
> = {
  drawOverlaidCurves: {
    'curves-overlaid': (document) =>
      drawOverlaidCurves(document, overlaid, others, {
        ...texts,
        heading: 'validation loss',
        isShare: false,
        width: 760,
        height: 340,
      }),
    'curves-overlaid-log': (document) =>
      drawOverlaidCurves(document, overlaid, others, {
        ...texts,
        heading: 'validation loss',
        isShare: false,
        isLog: true,
        width: 400,
        height: 260,
      }),
  },
  drawRunCurves: {
    'curves-smooth-log': (document) =>
      drawRunCurves(document, both, {
        ...texts,
        metric: 'loss',
        smoothing: 0.7,
        isLog: true,
        width: 470,
        height: 240,
      }),
  },
  drawPixelHistogram: {
    'pixel-histogram': (document) =>
      drawPixelHistogram(
        document,
        pixelBins(Array.from({ length: 256 }, (_, i) => (i === 0 ? 900 : 4 + (i % 50) / 5))),
        { ...texts, width: 640, height: 260 },
      ),
  },
}
describeFigures(cases)
