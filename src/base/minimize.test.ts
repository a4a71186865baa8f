import { expect, test } from 'vitest'
import { minimize } from './minimize.ts'

const rosenbrock = (x: Float64Array, g: Float64Array) => {
  const [a, b] = [1 - x[0], x[1] - x[0] * x[0]]
  g[0] = -2 * a - 400 * x[0] * b
  g[1] = 200 * b
  return a * a + 100 * b * b
}

test('finds the bottom of a bent valley', () => {
  const { x, value } = minimize(rosenbrock, Float64Array.of(-1.2, 1), { evaluations: 200, tolerance: 1e-8 })
  expect(value).toBeLessThan(1e-12)
  expect(x[0]).toBeCloseTo(1, 6)
  expect(x[1]).toBeCloseTo(1, 6)
})

test('keeps to bounds, and finds the least value at them', () => {
  const { x } = minimize(rosenbrock, Float64Array.of(-1.2, 1), {
    low: Float64Array.of(-2, -2),
    high: Float64Array.of(0.5, 2),
    evaluations: 200,
    tolerance: 1e-8,
  })
  expect(x[0]).toBe(0.5)
  expect(x[1]).toBeCloseTo(0.25, 6)
})

test('keeps to where the function has a value, and to its evaluations', () => {
  let evaluations = 0
  const { x, value } = minimize(
    (at, g) => {
      evaluations += 1
      if (at[0] < 1) return Infinity
      g[0] = 2 * at[0]
      return at[0] * at[0]
    },
    Float64Array.of(3),
    { evaluations: 25, tolerance: 1e-9 },
  )
  expect(evaluations).toBeLessThanOrEqual(25)
  expect(x[0]).toBeGreaterThanOrEqual(1)
  expect(value).toBeLessThan(2)
  expect(minimize(() => Infinity, Float64Array.of(3), { evaluations: 9, tolerance: 1 }).value).toBe(Infinity)
})
