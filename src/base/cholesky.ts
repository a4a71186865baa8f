/**
 * Symmetric matrices in plain loops, row after row in one array. A sum has one order, four partial sums side by side that are added
 * at the end, so that every machine gets the same bits.
 */

/** Σ a[i + k]·b[j + k] for k below `count`. */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, count: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  const whole = count - (count & 3)
  for (let k = 0; k < whole; k += 4) {
    s0 += a[i + k] * b[j + k]
    s1 += a[i + k + 1] * b[j + k + 1]
    s2 += a[i + k + 2] * b[j + k + 2]
    s3 += a[i + k + 3] * b[j + k + 3]
  }
  for (let k = whole; k < count; k++) s0 += a[i + k] * b[j + k]
  return s0 + s1 + (s2 + s3)
}

/**
 * The lower triangle L with A = L·Lᵀ, in place of A's lower triangle; the upper one is not looked at. False where A is not positive
 * definite. The first `from` rows may be those of L already.
 */
export function cholesky(a: Float64Array, n: number, from = 0): boolean {
  for (let i = from; i < n; i++) {
    const row = i * n
    for (let j = 0; j < i; j++) a[row + j] = (a[row + j] - dot(a, row, a, j * n, j)) / a[j * n + j]
    const rest = a[row + i] - dot(a, row, a, row, i)
    if (!(rest > 0)) return false
    a[row + i] = Math.sqrt(rest)
  }
  return true
}

/** Solves L·x = b in place of b, for the first `count` rows. */
export function solveLower(l: Float64Array, n: number, b: Float64Array, count = n): void {
  for (let i = 0; i < count; i++) b[i] = (b[i] - dot(l, i * n, b, 0, i)) / l[i * n + i]
}

/** Solves Lᵀ·x = b in place of b. */
export function solveUpper(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = i * n
    b[i] /= l[row + i]
    const x = b[i]
    for (let j = 0; j < i; j++) b[j] -= l[row + j] * x
  }
}

/** The inverse of A = L·Lᵀ: its lower triangle, in `out`. */
export function inverseFrom(l: Float64Array, n: number, out: Float64Array): void {
  // Row i of `columns` holds column i of the inverse of L, from its diagonal on.
  const columns = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = i * n
    columns[row + i] = 1 / l[row + i]
    for (let k = i + 1; k < n; k++) {
      columns[row + k] = -dot(l, k * n + i, columns, row + i, k - i) / l[k * n + k]
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) out[i * n + j] = dot(columns, i * n + i, columns, j * n + i, n - i)
  }
}
