import { expect, test } from 'vitest'
import { greatest, least } from './extremes.ts'

test('the least and the greatest of as many numbers as there are', () => {
  const values = Float64Array.from({ length: 500_000 }, (_, i) => Math.sin(i))
  expect([least(values), greatest(values)]).toEqual([values.toSorted()[0], values.toSorted().at(-1)])
  expect([least([]), greatest([])]).toEqual([Infinity, -Infinity])
  expect(least([1, Number.NaN, 0])).toBeNaN()
})
