import { describe, expect, test } from 'vitest'
import { assemble } from './assemble.ts'
import type { LabeledImages } from './dataset.ts'
import { findDuplicates } from './duplicates.ts'
import { explore, judgeBalance, valueRange } from './explore.ts'
import { split } from './split.ts'

/** Images of 1×2 pixels. */
function images(pixels: readonly (readonly [number, number])[], labels: readonly number[]): LabeledImages {
  return {
    count: labels.length,
    height: 1,
    width: 2,
    channels: 1,
    pixels: Uint8Array.from(pixels.flat()),
    labels: Uint8Array.from(labels),
  }
}

const train = images(
  [
    [0, 255],
    [0, 51],
    [255, 0],
    [51, 0],
    [0, 255],
    [255, 0],
  ],
  [0, 0, 1, 1, 0, 1],
)
const dataset = assemble({
  source: 'tiny',
  title: 'Tiny',
  classNames: ['right', 'left'],
  train,
  test: images([[9, 9]], [1]),
})

describe('exploring a set', () => {
  const seen = explore(dataset, split(train, { validation: 1 / 3, seed: 1 }), { first: 3 })

  test('shows the shapes of the three splits', () => {
    expect(seen.shapes).toEqual([
      { split: 'train', shape: [4, 1, 2, 1] },
      { split: 'validation', shape: [2, 1, 2, 1] },
      { split: 'test', shape: [1, 1, 2, 1] },
    ])
  })

  test('counts the images of each class in each split', () => {
    expect(seen.classCounts).toEqual([
      { label: 0, name: 'right', train: 2, validation: 1, test: 0 },
      { label: 1, name: 'left', train: 2, validation: 1, test: 1 },
    ])
  })

  test('finds range, mean and standard deviation of the values', () => {
    const { min, max, mean, std } = valueRange(train)
    const values = [...train.pixels].map((pixel) => pixel / 255)
    const expected = values.reduce((a, b) => a + b) / values.length
    expect([min, max]).toEqual([0, 1])
    expect(mean).toBeCloseTo(expected, 14)
    expect(std).toBeCloseTo(
      Math.sqrt(values.reduce((a, b) => a + (b - expected) ** 2, 0) / values.length),
      14,
    )
    expect(seen.range).toEqual({ min, max, mean, std })
  })

  test('names the first images', () => {
    expect(seen.firstImages).toEqual([
      { index: 0, label: 0, name: 'right' },
      { index: 1, label: 0, name: 'right' },
      { index: 2, label: 1, name: 'left' },
    ])
  })

  test('averages the images of each class', () => {
    expect(seen.meanImages.map(({ name, count }) => [name, count])).toEqual([
      ['right', 3],
      ['left', 3],
    ])
    expect(seen.meanImages[0].values[0]).toBe(0)
    expect(seen.meanImages[0].values[1]).toBeCloseTo((1 + 0.2 + 1) / 3, 15)
  })
})

describe('the verdict on balance', () => {
  test.each([
    [[6000, 6000], 'Balanced: every class has 6000 images, so accuracy is a fair measure.'],
    [
      [100, 130],
      'Balanced: the classes have 100 to 130 images, a factor of 1.30; accuracy is a fair measure.',
    ],
    [
      [100, 400],
      'Imbalanced: the classes have 100 to 400 images, a factor of 4.00; read precision and recall of each class too.',
    ],
    [
      [10, 400],
      'Heavily imbalanced: the classes have 10 to 400 images, a factor of 40; accuracy hides the small classes, read recall of each class.',
    ],
    [[0, 5], 'Incomplete: the classes have 0 to 5 images; a class without images cannot be learned.'],
  ])('of %j is a sentence', (counts, verdict) => {
    expect(judgeBalance(counts).verdict).toBe(verdict)
  })

  test('changes at a factor of one and a half', () => {
    expect(judgeBalance([100, 150]).isBalanced).toBe(true)
    expect(judgeBalance([100, 151]).isBalanced).toBe(false)
  })
})

describe('exact duplicates', () => {
  test('are grouped, whatever their labels', () => {
    expect(findDuplicates(train)).toEqual({
      groups: [
        [0, 4],
        [2, 5],
      ],
      surplus: 2,
      conflicting: 0,
    })
    expect(findDuplicates({ ...train, labels: Uint8Array.of(0, 0, 1, 1, 1, 1) }).conflicting).toBe(1)
  })

  test('are none among images that all differ', () => {
    const different = images(
      [
        [1, 2],
        [2, 1],
        [1, 1],
      ],
      [0, 0, 0],
    )
    expect(findDuplicates(different)).toEqual({ groups: [], surplus: 0, conflicting: 0 })
  })
})
