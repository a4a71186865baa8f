import { expect, test } from 'vitest'
import { inOrder } from './groups.ts'

const at = (index: number, label = 0) => ({ index, label })

test('groups whose labels differ come first, then the largest, then the earliest', () => {
  const groups = [
    [at(7), at(9)],
    [at(1), at(2)],
    [at(3), at(4), at(5)],
    [at(6), at(8, 1)],
  ]
  expect(inOrder(groups).map(([{ index }]) => index)).toEqual([6, 3, 1, 7])
})
