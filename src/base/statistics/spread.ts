import { t975 } from './student.ts'

/** How some values lie. */
export interface Spread {
  readonly count: number
  readonly mean: number
  /** Of single values, with n − 1; 0 of one value. */
  readonly standardDeviation: number
  /** Half the 95 % interval of the mean, by Student's t; undefined of one value. */
  readonly ci95HalfWidth: number | undefined
}

/** Mean, standard deviation and the 95 % interval of the mean of some values. */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length
  const mean = values.reduce((a, b) => a + b, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  const standardDeviation = count < 2 ? 0 : Math.sqrt(squares / (count - 1))
  return {
    count,
    mean,
    standardDeviation,
    ci95HalfWidth: count < 2 ? undefined : (t975(count - 1) * standardDeviation) / Math.sqrt(count),
  }
}
