/** The position of the largest of `length` values from `start`; the first of equals. */
export function argmax(values: ArrayLike<number>, start: number, length: number): number {
  let best = 0
  for (let i = 1; i < length; i++) if (values[start + i] > values[start + best]) best = i
  return best
}
