import { describe, expect, test } from 'vitest'
import { cosPi, exp, ln } from './elementary.ts'

describe('elementary functions', () => {
  test.each([1e-300, 1e-5, 0.3, 0.999, 1, 1.5, 2, 10, 12345.678, 1e300])('ln(%d) is the logarithm', (x) => {
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))))
  })
  test.each([0, 0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 1])('cosPi(%d) is the cosine', (t) => {
    expect(cosPi(t)).toBeCloseTo(Math.cos(Math.PI * t), 14)
  })
  test.each([-700, -30.5, -1, -1e-9, 0, 0.3, 1, 20, 700])('exp(%d) is the exponential', (x) => {
    expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(2e-15)
  })
  test('far out it is 0 and Infinity', () => {
    expect([exp(-1000), exp(1000)]).toEqual([0, Infinity])
  })
})
