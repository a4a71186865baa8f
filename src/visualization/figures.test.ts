import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../record/events.ts'
import { classCountRows } from './class-distribution.ts'
import { comparisonRows } from './comparison.ts'
import { commonConfusions, confusionCells, confusionSize } from './confusion-matrix.ts'
import { secondsTicks } from './cost.ts'
import { classLabels, mistakeLabels } from './image-grid.ts'
import { spread, wholeTicks } from './labels.ts'
import { curvePoints, epochDomain, valueDomain } from './learning-curves.ts'
import { packSprite, tileCorner } from './sprite.ts'

const epoch = (number: number, valLoss: number | null, best: boolean): RunEvent => ({
  type: 'epoch',
  epoch: number,
  loss: 0.5,
  accuracy: 0.8,
  valLoss,
  valAccuracy: 0.75,
  seconds: 1,
  imagesPerSecond: 100,
  learningRate: 0.01,
  best,
})

describe('learning curves', () => {
  test('an epoch gives four points, and the kept one is marked', () => {
    const points = curvePoints([{ name: 'a', events: [epoch(1, 0.6, true), epoch(2, 0.7, false)] }])
    expect(points).toHaveLength(8)
    expect(points[1]).toEqual({
      run: 'a',
      epoch: 1,
      metric: 'loss',
      split: 'validation',
      value: 0.6,
      best: true,
    })
    expect(points.filter((p) => p.best).every((p) => p.epoch === 1)).toBe(true)
  })
  test('a figure that is not finite leaves a gap, not a point', () => {
    expect(curvePoints([{ name: 'a', events: [epoch(1, null, true)] }])).toHaveLength(3)
  })
  test('one epoch, or none, still spans a range', () => {
    expect(epochDomain(curvePoints([{ name: 'a', events: [epoch(1, 0.6, true)] }]))).toEqual([0.5, 1.5])
    expect(epochDomain([])).toEqual([0.5, 1.5])
    expect(valueDomain([], 'loss')).toEqual([0, 1])
  })
})

describe('class distributions', () => {
  test('rows hold counts and shares, split by split', () => {
    const rows = classCountRows(['a', 'b'], { train: [30, 10], test: [0, 0] })
    expect(rows.map((row) => row.share)).toEqual([0.75, 0.25, 0, 0])
    expect(rows[3]).toEqual({ split: 'test', className: 'b', count: 0, share: 0 })
  })
})

describe('confusion matrices', () => {
  const confusion = [
    [8, 2, 0],
    [0, 10, 0],
    [0, 0, 0],
  ]
  test('cells hold the share of their row; a class without images has shares of zero', () => {
    const cells = confusionCells(confusion)
    expect(cells[1]).toMatchObject({ truth: 0, predicted: 1, count: 2, share: 0.2, isHit: false, step: 6 })
    expect(cells[4]).toMatchObject({ share: 1, isHit: true, step: 7 })
    expect(cells[8]).toMatchObject({ share: 0, step: 0 })
  })
  test('the commonest confusions leave out the diagonal and zeros', () => {
    expect(commonConfusions(confusion, 5)).toHaveLength(1)
    expect(commonConfusions(confusion, 5)[0]).toMatchObject({ truth: 0, predicted: 1, count: 2 })
  })
  test('cells hold their counts up to sixteen classes', () => {
    const names = (count: number) => Array.from({ length: count }, () => 'Ankle boot')
    expect(confusionSize(names(10)).cell).toBeGreaterThanOrEqual(30)
    expect(confusionSize(names(16)).cell).toBeGreaterThanOrEqual(24)
    expect(confusionSize(names(40)).width).toBeLessThan(900)
  })
})

describe('comparison', () => {
  test('rows keep the order and carry the reference only where there is one', () => {
    const rows = comparisonRows([
      { name: 'a', accuracy: 0.9, count: 100, seconds: 1, reference: 0.8 },
      { name: 'b', accuracy: 0.8, count: 100, seconds: 2 },
    ])
    expect(rows.map((row) => [row.name, row.place, row.reference])).toEqual([
      ['a', 0, 0.8],
      ['b', 1, undefined],
    ])
    expect(rows[0].low).toBeLessThan(0.9)
  })
  test('seconds have round ticks', () => {
    expect(secondsTicks(4, 90)).toEqual([5, 10, 20, 50])
    expect(secondsTicks(11, 13)).toEqual([11, 13])
  })
})

describe('labels', () => {
  test('are moved apart, in order, and stay inside where they fit', () => {
    expect(spread([5, 5, 5], 2, [0, 10])).toEqual([5, 7, 9])
    expect(spread([10, 9.5, 1], 2, [0, 10])).toEqual([10, 8, 1])
  })
  test('epochs are whole numbers, not too many', () => {
    expect(wholeTicks(1, 5)).toEqual([1, 2, 3, 4, 5])
    expect(wholeTicks(1, 100)).toEqual([1, 20, 40, 60, 80, 100])
    expect(wholeTicks(1, 1)).toEqual([1])
  })
})

describe('image grids', () => {
  test('a sprite holds every image at its corner', () => {
    const pixels = Uint8Array.from({ length: 3 * 2 * 2 }, (_, i) => i)
    const sprite = packSprite({ count: 3, height: 2, width: 2, channels: 1, pixels }, 2)
    expect([sprite.width, sprite.height]).toEqual([4, 4])
    expect([...sprite.pixels]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 0, 0, 10, 11, 0, 0])
    expect(tileCorner(sprite, 2)).toEqual({ x: 0, y: 2 })
  })
  test('labels say the class, and of a mistake what was said and what it is', () => {
    expect(classLabels([1], ['a', 'b'])[0].lines).toEqual(['b'])
    const [label] = mistakeLabels(
      [{ index: 7, truth: 0, predicted: 1, probability: 0.984 }],
      ['T-shirt', 'Shirt'],
    )
    expect(label.lines).toEqual(['said Shirt 0.98', 'is T-shirt'])
    expect(label.title).toBe('Test image 7: said Shirt 0.98, is T-shirt')
  })
})
