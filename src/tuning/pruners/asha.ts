import type { Pruner, PrunerSetting, Standing } from './pruner.ts'

export const ashaDefaults = { minimum: 3, factor: 3 }

/** The steps at which a trial is judged: minimum · factor^k, below the last step. */
export function rungs(minimum: number, factor: number, steps: number): number[] {
  const all: number[] = []
  for (let step = minimum; step < steps; step *= factor) all.push(step)
  return all
}

/** Whether a trial is among the best 1/factor of those at its rung, itself included; of too few, whether it is the best. */
export function isAmongBest(own: Standing, others: readonly Standing[], factor: number): boolean {
  const places = Math.max(1, Math.floor((others.length + 1) / factor))
  return others.filter(({ best }) => best < own.best).length < places
}

/**
 * Asynchronous successive halving, stopping rule (Li et al., "A system for massively parallel hyperparameter tuning",
 * MLSys 2020): at each rung only the best 1/factor go on.
 */
export function asha({ options, steps }: PrunerSetting): Pruner {
  const { minimum, factor } = { ...ashaDefaults, ...options }
  const at = new Set(rungs(minimum, factor, steps))
  return {
    kind: 'asha',
    looksAt: (step) => at.has(step),
    prunes: (own, others) => !isAmongBest(own, others, factor),
  }
}
