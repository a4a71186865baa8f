import { expect, test } from 'vitest'
import { cholesky, inverseFrom, solveLower, solveUpper } from './cholesky.ts'
import { key, normals } from './random.ts'

/** A positive definite matrix: B·Bᵀ + 1. */
function positive(n: number): Float64Array {
  const b = normals(key(n), n * n)
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      a[i * n + j] = i === j ? 1 : 0
      for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k]
    }
  return a
}
const times = (a: Float64Array, n: number, x: Float64Array) =>
  x.map((_, i) => x.reduce((sum, xj, j) => sum + a[i * n + j] * xj, 0))

test.each([1, 2, 3, 4, 5, 9, 30])('factors, solves and inverts %i × %i', (n) => {
  const a = positive(n)
  const l = a.slice()
  expect(cholesky(l, n)).toBe(true)
  const b = normals(key(7), n)
  const x = b.slice()
  solveLower(l, n, x)
  solveUpper(l, n, x)
  times(a, n, x).forEach((bi, i) => {
    expect(bi).toBeCloseTo(b[i], 9)
  })
  const inverse = new Float64Array(n * n)
  inverseFrom(l, n, inverse)
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j]
  times(inverse, n, b).forEach((xi, i) => {
    expect(xi).toBeCloseTo(x[i], 9)
  })
})

test('a factor grows by rows as if it had been made at once', () => {
  const n = 12
  const whole = positive(n)
  const grown = whole.slice()
  cholesky(whole, n)
  const part = grown.slice()
  cholesky(part, n)
  for (let i = 0; i < 8; i++) for (let j = 0; j <= i; j++) grown[i * n + j] = part[i * n + j]
  expect(cholesky(grown, n, 8)).toBe(true)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) expect(grown[i * n + j]).toBe(whole[i * n + j])
})

test('says where a matrix is not positive definite', () => {
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false)
  expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(false)
})
