import { InputError } from '../base/errors.ts'
import type { Engine } from '../engine/backend.ts'
import type { SplitDataset } from '../runs/recorded-run.ts'
import type { PrunerSpec } from '../tuning/pruners/index.ts'
import { type SamplerName, samplers } from '../tuning/samplers/index.ts'
import type { Limits } from '../tuning/search.ts'
import type { readSearch } from './read-search.ts'
import type { TrialSettings } from './settings.ts'

/** How many trials: a number, or a share of the points of a space that is counted. */
export type HowMany = { readonly trials: number } | { readonly fraction: number }

/** All that a search over networks needs. */
export interface SearchRequest extends TrialSettings {
  /** A ready space's name or a file, as it was written. */
  readonly spaceText: string
  readonly definition: Awaited<ReturnType<typeof readSearch>>
  readonly directory: string
  readonly command: string
  readonly data: SplitDataset
  readonly engine: Engine
  readonly sampler: SamplerName
  readonly pruner: PrunerSpec
  readonly workers: number
  /** A decision on a trial looks at the results of those before it, but for so many of the latest. */
  readonly lag: number
  readonly howMany: HowMany | undefined
  readonly limits: Omit<Limits, 'trials'>
  readonly resume: boolean
  readonly signal?: AbortSignal | undefined
}

/** Trials where nothing was said; a grid runs all its points. */
const TRIALS = 64

/** The number of trials that a request amounts to; throws where sampler and space do not go together. */
export function countTrials({
  definition: { opened },
  howMany,
  sampler,
}: Pick<SearchRequest, 'definition' | 'howMany' | 'sampler'>): number {
  samplers[sampler]({ space: opened, seed: 0 })
  const allowed = opened.countAllowed()
  const most = allowed ?? Infinity
  if (howMany === undefined) return sampler === 'grid' ? most : Math.min(most, TRIALS)
  if ('trials' in howMany) return Math.min(most, howMany.trials)
  const { fraction } = howMany
  const at = '--fraction'
  if (!(fraction > 0 && fraction <= 1)) {
    throw new InputError({ at, expected: 'a share above 0, up to 1', received: `${fraction}` })
  }
  if (allowed === undefined) {
    throw new InputError({
      at,
      expected: 'a space whose points can be counted',
      received:
        opened.size === Infinity ? 'one with a range' : `one of ${opened.size} points under constraints`,
      hint: 'Use --trials N.',
    })
  }
  // As the reference's tool counts: rounded down.
  const trials = Math.floor(allowed * fraction)
  if (trials >= 1) return trials
  throw new InputError({ at, expected: `at least one of ${allowed} points`, received: `${fraction}` })
}
