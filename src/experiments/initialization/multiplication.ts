import { type Key, key, uniforms } from '../../base/random.ts'
import type { Figure, MultiplicationRecord } from './record.ts'
import type { MultiplicationSettings } from './settings.ts'

type Round = (x: number) => number
const rounds: Record<MultiplicationSettings['precision'], Round> = {
  float32: Math.fround,
  float64: (x) => x,
}

/** C = A·B of n × n matrices; every product and every sum is rounded. */
function multiply(a: Float64Array, b: Float64Array, n: number, round: Round): Float64Array {
  const c = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum = round(sum + round(a[i * n + k] * b[k * n + j]))
      c[i * n + j] = sum
    }
  }
  return c
}

/** JSON has no infinity and no NaN. */
const figure = (x: number): Figure => (Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? x : 'inf')

/** Mean and spread of all entries, in float64: where an entry is infinite, the mean is too, and the spread is no number. */
function measure(matrix: Float64Array, step: number) {
  const mean = matrix.reduce((sum, x) => sum + x, 0) / matrix.length
  const variance = matrix.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / matrix.length
  return { step, mean: figure(mean), std: figure(Math.sqrt(variance)) }
}

function matrix(from: Key, n: number, [low, high]: readonly [number, number], round: Round): Float64Array {
  return uniforms(from, n * n).map((u) => round(low + (high - low) * u))
}

/** Multiplies a random matrix by another, a hundred times over, once for each range; step 0 is the first matrix alone. */
export function simulateMultiplication(settings: MultiplicationSettings): MultiplicationRecord {
  const { size, steps, seed, precision, ranges } = settings
  const round = rounds[precision]
  const series = ranges.map(([low, high]) => {
    // Every range sees the same dice, so that only their scale differs.
    const drawn = (step: number) =>
      matrix(key(seed).child('multiplication').child(step), size, [low, high], round)
    let product = drawn(0)
    const rows = [measure(product, 0)]
    for (let step = 1; step <= steps; step++) {
      product = multiply(product, drawn(step), size, round)
      rows.push(measure(product, step))
    }
    return {
      low,
      high,
      rows,
      zeroAt: rows.find(({ mean, std }) => mean === 0 && std === 0)?.step ?? null,
      infiniteAt: rows.find(({ mean }) => typeof mean === 'string')?.step ?? null,
    }
  })
  return { size, steps, seed, precision, series }
}
