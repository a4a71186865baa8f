import { cardinality } from '../domain.ts'
import type { OpenSpace } from '../open-space.ts'
import { STARTUP as GP_STARTUP } from './gp/gp.ts'
import type { SamplerName } from './index.ts'

/** Parameters beyond which the lengths of a Gaussian process are more than some dozens of trials can tell. */
const MOST_PARAMETERS = 20
/** Trials beyond which a proposal of the Gaussian process knows a part of the history only. */
const MOST_TRIALS = 300

/**
 * The sampler for a space, a number of trials and a lag: `random` where nothing is to be learned (all points will be tried, or the
 * search ends before a proposal is guided), else `gp`, and `tpe` where there are many parameters or many trials.
 */
export function autoSampler(space: OpenSpace, trials: number, lag: number): SamplerName {
  if (trials >= (space.countAllowed() ?? Infinity) || trials <= GP_STARTUP + lag) return 'random'
  const varying = space.order.filter((name) => cardinality(space.space.parameters[name]) > 1)
  return varying.length <= MOST_PARAMETERS && trials <= MOST_TRIALS ? 'gp' : 'tpe'
}
