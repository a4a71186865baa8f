import { type Spread, spreadOf } from './spread.ts'
import { studentTails, t975 } from './student.ts'

/** Whether two means differ. */
export interface MeansTest {
  /** The first mean minus the second. */
  readonly difference: number
  /** Half the 95 % interval of the difference. */
  readonly half: number
  readonly degrees: number
  /** Two-sided. */
  readonly pValue: number
}

function test(difference: number, standardError: number, degrees: number): MeansTest {
  if (standardError === 0) return { difference, half: 0, degrees, pValue: difference === 0 ? 1 : 0 }
  const half = t975(degrees) * standardError
  return { difference, half, degrees, pValue: studentTails(difference / standardError, degrees) }
}

/** Student's test of pairs, which belong together by place: the same seeds, say. Undefined of fewer than two. */
export function pairedTTest(a: readonly number[], b: readonly number[]): MeansTest | undefined {
  const { count, mean, deviation } = spreadOf(a.map((value, i) => value - b[i]))
  return count < 2 ? undefined : test(mean, deviation / Math.sqrt(count), count - 1)
}

/**
 * Welch's test of two independent samples; undefined where one has a single value.
 * Welch, "The generalization of Student's problem when several different population variances are involved",
 * Biometrika 34 (1947).
 */
export function welchTTest(a: Spread, b: Spread): MeansTest | undefined {
  if (a.count < 2 || b.count < 2) return undefined
  const [va, vb] = [(a.deviation * a.deviation) / a.count, (b.deviation * b.deviation) / b.count]
  const degrees = ((va + vb) * (va + vb)) / ((va * va) / (a.count - 1) + (vb * vb) / (b.count - 1))
  return test(a.mean - b.mean, Math.sqrt(va + vb), va + vb === 0 ? a.count + b.count - 2 : degrees)
}

/** Whether two means differ at the 95 % level (Welch's test); undefined where one has a single value only. */
export function meansDiffer(a: Spread, b: Spread): boolean | undefined {
  const found = welchTTest(a, b)
  return found && found.pValue < 0.05
}
