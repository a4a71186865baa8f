import { type Spread, spreadOf } from './spread.ts'
import { studentTails, t975 } from './student.ts'

/** Whether two means differ. */
export interface MeansTest {
  /** The first mean minus the second. */
  readonly difference: number
  /** Half the 95 % interval of the difference. */
  readonly ci95HalfWidth: number
  readonly degreesOfFreedom: number
  /** Two-sided. */
  readonly pValue: number
}

function test(difference: number, standardError: number, degreesOfFreedom: number): MeansTest {
  if (standardError === 0)
    return { difference, ci95HalfWidth: 0, degreesOfFreedom, pValue: difference === 0 ? 1 : 0 }
  const ci95HalfWidth = t975(degreesOfFreedom) * standardError
  const pValue = studentTails(difference / standardError, degreesOfFreedom)
  return { difference, ci95HalfWidth, degreesOfFreedom, pValue }
}

/** Student's test of pairs, which belong together by place: the same seeds, say. Undefined of fewer than two. */
export function pairedTTest(a: readonly number[], b: readonly number[]): MeansTest | undefined {
  const { count, mean, standardDeviation } = spreadOf(a.map((value, i) => value - b[i]))
  return count < 2 ? undefined : test(mean, standardDeviation / Math.sqrt(count), count - 1)
}

const variance = ({ standardDeviation }: Spread) => standardDeviation * standardDeviation

/**
 * Welch's test of two independent samples; undefined where one has a single value.
 * Welch, "The generalization of Student's problem when several different population variances are involved",
 * Biometrika 34 (1947).
 */
export function welchTTest(a: Spread, b: Spread): MeansTest | undefined {
  if (a.count < 2 || b.count < 2) return undefined
  const [va, vb] = [variance(a) / a.count, variance(b) / b.count]
  const degreesOfFreedom = ((va + vb) * (va + vb)) / ((va * va) / (a.count - 1) + (vb * vb) / (b.count - 1))
  return test(a.mean - b.mean, Math.sqrt(va + vb), va + vb === 0 ? a.count + b.count - 2 : degreesOfFreedom)
}

/** Whether two means differ at the 95 % level (Welch's test); undefined where one has a single value only. */
export function meansDiffer(a: Spread, b: Spread): boolean | undefined {
  const found = welchTTest(a, b)
  return found && found.pValue < 0.05
}
