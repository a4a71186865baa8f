import { incompleteBeta } from './beta.ts'

/** The chance that Student's t is at least so far from 0, on either side; degrees of freedom may be a fraction. */
export const studentTails = (t: number, degrees: number): number =>
  incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)

/** The distribution function of Student's t. */
export function studentCdf(t: number, degrees: number): number {
  const tail = studentTails(t, degrees) / 2
  return t > 0 ? 1 - tail : tail
}

/** The value that Student's t exceeds in size with the chance `tails` in (0, 1], found by halving. */
export function studentQuantile(tails: number, degrees: number): number {
  let [low, high] = [0, 1]
  while (studentTails(high, degrees) > tails) [low, high] = [high, 2 * high]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (studentTails(middle, degrees) > tails) low = middle
    else high = middle
  }
}

/** Half of a 95 % interval is so many standard errors; infinite without a degree of freedom. */
export const t975 = (degrees: number): number => (degrees < 1 ? Infinity : studentQuantile(0.05, degrees))
