import { greatest } from '../../base/extremes.ts'
import { type Key, normals } from '../../base/random.ts'

/** Points seen from where they spread most. */
export interface Projection {
  /** Coordinates of shape [count, components]; in each component the largest by magnitude is positive. */
  readonly scores: Float64Array
  /** The share of the variance that lies along each component, the greatest first. */
  readonly explained: readonly number[]
}

/** Vectors beside the wanted ones, so that the wanted ones settle sooner (Halko, Martinsson and Tropp 2011). */
const SPARE = 6
const MOST_ROUNDS = 300
/** An eigenvector has settled where ‖products·u − λ·u‖ is this share of the largest λ. */
const SETTLED = 1e-9

/**
 * Principal components from the scalar products of centered points, [count, count]: with products = U·Λ·Uᵀ the scores are
 * U·√Λ, the same as those of the covariance. The largest eigenvectors come by subspace iteration from vectors drawn by `from`.
 */
export function pca(products: Float64Array, count: number, components: number, from: Key): Projection {
  const width = Math.min(components + SPARE, count)
  let basis = orthonormal(columnsOf(normals(from, count * width), count))
  let values: number[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const image = basis.map((v) => times(products, v))
    const turned = jacobi(basis.map((u) => image.map((v) => dot(u, v))))
    values = turned.values
    basis = turned.vectors.map((weights) => combine(basis, weights))
    const next = turned.vectors.map((weights) => combine(image, weights))
    const wanted = values.slice(0, components)
    if (wanted.every((value, i) => residual(next[i], value, basis[i]) <= SETTLED * values[0])) break
    basis = orthonormal(next)
  }
  let total = 0
  for (let i = 0; i < count; i++) total += products[i * count + i]
  const scores = new Float64Array(count * components)
  for (let c = 0; c < Math.min(components, width); c++) {
    const length = Math.sqrt(Math.max(values[c], 0)) * signOf(basis[c])
    for (let i = 0; i < count; i++) scores[i * components + c] = basis[c][i] * length
  }
  const explained = values.slice(0, components).map((value) => (total > 0 ? Math.max(value, 0) / total : 0))
  return { scores, explained }
}

type Vector = Float64Array

const columnsOf = (values: Float64Array, count: number): Vector[] =>
  Array.from({ length: values.length / count }, (_, i) => values.slice(i * count, (i + 1) * count))

function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** matrix·v, for a square matrix by rows. */
const times = (matrix: Float64Array, v: Vector): Vector =>
  v.map((_, i) => dot(matrix.subarray(i * v.length, (i + 1) * v.length), v))

/** ‖image − value·v‖. */
function residual(image: Vector, value: number, v: Vector): number {
  const rest = image.map((x, i) => x - value * v[i])
  return Math.sqrt(dot(rest, rest))
}

/** Σ weightᵢ·vᵢ. */
function combine(vectors: readonly Vector[], weights: readonly number[]): Vector {
  const sum = new Float64Array(vectors[0].length)
  vectors.forEach((v, k) => {
    for (let i = 0; i < sum.length; i++) sum[i] += weights[k] * v[i]
  })
  return sum
}

/** Gram and Schmidt, twice, which is enough. A vector that adds nothing becomes zero. */
function orthonormal(vectors: readonly Vector[]): Vector[] {
  const done: Vector[] = []
  for (const vector of vectors) {
    const v = vector.slice()
    const before = Math.sqrt(dot(v, v))
    for (const u of [...done, ...done]) {
      const share = dot(u, v)
      for (let i = 0; i < v.length; i++) v[i] -= share * u[i]
    }
    const length = Math.sqrt(dot(v, v))
    done.push(v.map((x) => (length > 1e-12 * before ? x / length : 0)))
  }
  return done
}

/** +1 where the number of largest magnitude is positive, else −1; the first of equals decides. */
function signOf(v: Vector): number {
  let first = 0
  for (let i = 1; i < v.length; i++) if (Math.abs(v[i]) > Math.abs(v[first])) first = i
  return v[first] < 0 ? -1 : 1
}

/** Eigenvalues, the largest first, and eigenvectors of a small symmetric matrix: Jacobi's rotations (1846), in sweeps. */
export function jacobi(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const n = matrix.length
  const a = matrix.map((row) => [...row])
  const vectors = a.map((_, i) => a.map((__, j): number => (i === j ? 1 : 0)))
  const size = greatest(a.flat().map(Math.abs))
  const rotate = (p: number, q: number) => {
    const theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
    const c = 1 / Math.sqrt(t * t + 1)
    const s = t * c
    for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]]
    for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]]
    for (const v of vectors) [v[p], v[q]] = [c * v[p] - s * v[q], s * v[p] + c * v[q]]
  }
  for (let sweep = 0; sweep < 60; sweep++) {
    let isDiagonal = true
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p][q]) <= 1e-17 * size) continue
        isDiagonal = false
        rotate(p, q)
      }
    }
    if (isDiagonal) break
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i] || i - j)
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => vectors.map((row) => row[i])) }
}
