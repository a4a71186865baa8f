import { expect, test } from 'vitest'
import { folds } from './folds.ts'

const labels = Uint8Array.from({ length: 103 }, (_, i) => (i < 60 ? 0 : 1))

test('folds hold every image once, and each the same share of every class', () => {
  const dealt = folds(labels, 5, 1)
  expect(dealt.flatMap((fold) => [...fold]).sort((a, b) => a - b)).toEqual([...labels.keys()])
  for (const fold of dealt) {
    expect([...fold].filter((i) => labels[i] === 0)).toHaveLength(12)
    expect(fold.length).toBeGreaterThanOrEqual(20)
    expect(fold).toEqual(Int32Array.from(fold).sort())
  }
})

test('folds are those of their seed', () => {
  expect(folds(labels, 5, 1)).toEqual(folds(labels, 5, 1))
  expect(folds(labels, 5, 2)).not.toEqual(folds(labels, 5, 1))
})

test('one fold, or more folds than images, cannot be', () => {
  for (const count of [1, 2.5, 104])
    expect(() => folds(labels, count, 1)).toThrow(/folds: expected a whole number from 2 to 103/)
})
