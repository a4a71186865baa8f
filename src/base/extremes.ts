/** The least of some numbers, Infinity of none. `Math.min(...values)` throws where they are more than calls may hand on. */
export function least(values: Iterable<number>): number {
  let found = Infinity
  for (const value of values) found = Math.min(found, value)
  return found
}

/** The greatest of some numbers, −Infinity of none. */
export function greatest(values: Iterable<number>): number {
  let found = -Infinity
  for (const value of values) found = Math.max(found, value)
  return found
}
