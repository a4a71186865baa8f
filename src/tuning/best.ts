import type { Direction } from './journal/operations.ts'
import type { Trial } from './journal/trial.ts'

/** The complete trials, the best first; equal ones in the order of their numbers. */
export function ranked(trials: readonly Trial[], direction: Direction): Trial[] {
  const sign = direction === 'minimize' ? 1 : -1
  return trials
    .filter(({ state, value }) => state === 'complete' && value !== undefined)
    .sort((a, b) => sign * (a.value! - b.value!) || a.number - b.number)
}

/** The best complete trial; of equal ones the first. */
export const bestOf = (trials: readonly Trial[], direction: Direction): Trial | undefined =>
  ranked(trials, direction)[0]
