import { describe, expect, test } from 'vitest'
import { simulateMultiplication } from './multiplication.ts'
import { multiplicationSettings } from './settings.ts'

describe('a hundred multiplications', () => {
  const { series } = simulateMultiplication(multiplicationSettings.parse({}))
  const [small, large] = series
  test('of small entries vanish: mean and spread become exactly zero', () => {
    expect(small.zeroAt).toBeLessThan(100)
    expect(small.rows.at(-1)).toEqual({ step: 100, mean: 0, std: 0 })
    expect(small.infiniteAt).toBeNull()
  })
  test('of large entries explode: the mean is infinite and the spread no number', () => {
    expect(large.infiniteAt).toBeLessThan(100)
    expect(large.rows.at(-1)).toEqual({ step: 100, mean: 'inf', std: 'nan' })
    expect(large.zeroAt).toBeNull()
  })
  test('are measured at every step, and are the same when they are made again', () => {
    expect(small.rows.map(({ step }) => step)).toEqual(Array.from({ length: 101 }, (_, i) => i))
    expect(simulateMultiplication(multiplicationSettings.parse({})).series).toEqual(series)
  })
  test('do not vanish where the matrices are large: size × mean is above one', () => {
    const [one] = simulateMultiplication(multiplicationSettings.parse({ size: 24, steps: 20 })).series
    const last = one.rows.at(-1)?.mean
    expect(last).toBeGreaterThan(one.rows[0].mean as number)
  })
})
