import { isFinished } from './journal/operations.ts'
import type { Trial } from './journal/trial.ts'
import type { Standing } from './pruners/pruner.ts'
import type { Result } from './samplers/sampler.ts'

/** Whether it is settled how a trial stands at a step: it came so far, or it ended before. */
export const isSettledAt = (trial: Trial, step: number) =>
  isFinished(trial.state) || (trial.steps.at(-1) ?? 0) >= step

/** How a trial stood at a step; undefined where it ended before without being complete. Sign −1 turns gains into losses. */
export function standingAt(trial: Trial, step: number, sign: number): Standing | undefined {
  const { number, steps, values, state } = trial
  const cameSoFar = (steps.at(-1) ?? 0) >= step
  if (!cameSoFar && state !== 'complete') return undefined
  let [loss, best] = [Number.NaN, Infinity]
  for (let i = 0; i < steps.length && steps[i] <= step; i++) {
    loss = sign * values[i]
    if (loss < best) best = loss
  }
  return Number.isNaN(loss) ? undefined : { number, loss, best }
}

/** How a finished trial counts for samplers. */
export function resultOf(trial: Trial, sign: number): Result {
  const step = trial.steps.at(-1) ?? 0
  if (trial.state === 'complete' && trial.value !== undefined) {
    return { type: 'complete', loss: sign * trial.value, step }
  }
  if (trial.state !== 'pruned') return { type: 'failed', loss: undefined, step }
  return { type: 'pruned', loss: standingAt(trial, step, sign)?.best, step }
}
