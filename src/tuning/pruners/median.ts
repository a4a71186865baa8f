import { median } from '../../base/statistics/median.ts'
import type { Pruner, PrunerSetting } from './pruner.ts'

export const medianDefaults = { warmup: 3, trials: 5 }

/**
 * Ends a trial whose best so far is worse than the median of the others at the same step (Golovin et al., "Google Vizier",
 * 2017), after `warmup` steps, where at least `trials` others have come so far.
 */
export function medianPruner({ options }: PrunerSetting): Pruner {
  const { warmup, trials } = { ...medianDefaults, ...options }
  return {
    kind: 'median',
    looksAt: (step) => step > warmup,
    prunes: (own, others) => others.length >= trials && own.best > median(others.map(({ loss }) => loss)),
  }
}
