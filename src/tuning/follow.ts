import { bestOf } from './best.ts'
import { type Direction, isFinished } from './journal/operations.ts'
import type { Trial } from './journal/trial.ts'

/** The trial with which a search has found enough. */
export interface Reached {
  readonly reason: 'target' | 'patience'
  readonly trial: number
}

/** Follows the finished trials of a search in the order of their numbers, whatever order they end in. */
export interface Follower {
  /** Trials from 0 that are finished without a gap. */
  readonly prefix: number
  /** Goes on to the first trial that is not finished, or that reaches target or patience: that one is returned. */
  advance(): Reached | undefined
  /** Whether a trial that has just ended is the best of all that have, in whatever order, for those who watch. */
  isBest(trial: Trial): boolean
}

/** Judges target and patience by numbers, not by time, so that they end every search alike; `trials` grows meanwhile. */
export function follow(
  trials: readonly Trial[],
  { target, patience }: { readonly target?: number | undefined; readonly patience?: number | undefined },
  direction: Direction,
): Follower {
  const sign = direction === 'minimize' ? 1 : -1
  let prefix = 0
  let prefixBest: Trial | undefined
  let best = bestOf(trials, direction)
  const judge = ({ number }: Trial): Reached['reason'] | undefined => {
    const value = prefixBest?.value
    if (target !== undefined && value !== undefined && sign * value <= sign * target) return 'target'
    if (patience !== undefined && number - (prefixBest?.number ?? -1) >= patience) return 'patience'
    return undefined
  }
  return {
    get prefix() {
      return prefix
    },
    advance() {
      for (; prefix < trials.length && isFinished(trials[prefix].state); prefix++) {
        const trial = trials[prefix]
        const isBetter = prefixBest === undefined || sign * trial.value! < sign * prefixBest.value!
        if (trial.state === 'complete' && isBetter) prefixBest = trial
        const reason = judge(trial)
        if (reason === undefined) continue
        prefix += 1
        return { reason, trial: trial.number }
      }
      return undefined
    },
    isBest(trial) {
      const { value, state, number } = trial
      if (state !== 'complete' || value === undefined) return false
      const { value: old, number: oldNumber } = best ?? { value: Infinity * sign, number: Infinity }
      const gain = sign * old! - sign * value
      if (gain < 0 || (gain === 0 && number > oldNumber)) return false
      best = trial
      return true
    },
  }
}
