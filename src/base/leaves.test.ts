import { expect, test } from 'vitest'
import { leaves } from './leaves.ts'

test('nested data become paths and values; lists are one value, what is missing is none', () => {
  const settings = {
    batch: 32,
    optimizer: { kind: 'sgd', momentum: 0 },
    kernel: [3, 5],
    schedule: null,
    flip: false,
  }
  expect(leaves(settings)).toEqual([
    ['batch', 32],
    ['optimizer.kind', 'sgd'],
    ['optimizer.momentum', 0],
    ['kernel', '3, 5'],
    ['flip', false],
  ])
  expect(leaves({ units: 10 }, 'dense1')).toEqual([['dense1.units', 10]])
  expect(leaves(undefined, 'anything')).toEqual([])
})
