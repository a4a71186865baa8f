/** The 0.975 quantiles of Student's t for 1 … 30 degrees of freedom (SciPy 1.17, `scipy.stats.t.ppf`). */
const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/** The 0.975 quantile of Student's t; degrees of freedom between two whole numbers take the smaller. */
export const t975 = (degrees: number) => (degrees < 1 ? Infinity : (T975[Math.floor(degrees) - 1] ?? 1.96))

export interface Spread {
  readonly count: number
  readonly mean: number
  /** Of single values, with n − 1; 0 of one value. */
  readonly deviation: number
  /** Half the 95 % interval of the mean; undefined of one value. */
  readonly half: number | undefined
}

/** Mean, deviation and the 95 % interval of the mean of some values. */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length
  const mean = values.reduce((a, b) => a + b, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  const deviation = count < 2 ? 0 : Math.sqrt(squares / (count - 1))
  return {
    count,
    mean,
    deviation,
    half: count < 2 ? undefined : (t975(count - 1) * deviation) / Math.sqrt(count),
  }
}

/** Whether two means differ at the 95 % level (Welch's test); undefined where one has a single value only. */
export function meansDiffer(a: Spread, b: Spread): boolean | undefined {
  if (a.count < 2 || b.count < 2) return undefined
  const [va, vb] = [(a.deviation * a.deviation) / a.count, (b.deviation * b.deviation) / b.count]
  if (va + vb === 0) return a.mean !== b.mean
  const degrees = ((va + vb) * (va + vb)) / ((va * va) / (a.count - 1) + (vb * vb) / (b.count - 1))
  return Math.abs(a.mean - b.mean) > t975(degrees) * Math.sqrt(va + vb)
}

/** Whether two shares of `count` cases each differ at the 95 % level, taken as independent. */
export function sharesDiffer(a: number, b: number, count: number): boolean {
  const variance = (a * (1 - a) + b * (1 - b)) / count
  return Math.abs(a - b) > 1.96 * Math.sqrt(variance)
}
