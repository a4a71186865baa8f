import { existsSync } from 'node:fs'
import { checkJournal } from '../search/identity.ts'
import type { Direction, Json } from '../tuning/journal/operations.ts'
import {
  createSearchJournal,
  memoryJournal,
  reopenSearchJournal,
  type SearchJournal,
} from '../tuning/journal/search-journal.ts'
import { type OpenSpace, openSpace } from '../tuning/open-space.ts'
import { inProcessPool } from '../tuning/pool/in-process.ts'
import type { Outcome, TrialContext } from '../tuning/pool/pool.ts'
import { openPruner, type PrunerInput, prunerSpec } from '../tuning/pruners/index.ts'
import { type SamplerName, samplers } from '../tuning/samplers/index.ts'
import { type SearchEvent, type SearchResult, LAG, search as searchTrials } from '../tuning/search.ts'
import type { PointOf, TypedSpace } from '../tuning/space.ts'

/** How a trial answers: with its value, or by saying how else it ended. */
export type TrialAnswer = number | Outcome

/** What to search, how, and how long; whatever is left out has the default that is named with it. */
export interface SearchOptions<P> {
  /** Made by `defineSpace`. */
  readonly space: TypedSpace<P>
  /**
   * The value of a point. It may report how it stands after each step: `await trial.report(step, value)` answers
   * `'prune'` where it should end early, and then it returns `{ type: 'pruned' }`. What it throws makes the trial a failed one.
   */
  readonly objective: (point: PointOf<P>, trial: TrialContext) => TrialAnswer | Promise<TrialAnswer>
  /** `minimize` unless told otherwise. */
  readonly direction?: Direction
  /** `tpe` unless told otherwise. */
  readonly sampler?: SamplerName
  /** `none` unless told otherwise; `'asha'`, or with options: `{ kind: 'asha', minimum: 2 }`. */
  readonly pruner?: PrunerInput
  /** The steps that a whole trial reports; pruners plan by it. 100 unless told otherwise. */
  readonly steps?: number
  /** 1 unless told otherwise. */
  readonly seed?: number
  readonly trials: number
  /** Begins no trial after so many seconds, and interrupts those that run. */
  readonly seconds?: number
  /** Ends the search once a value is as good as this. */
  readonly target?: number
  /** Ends the search after so many trials without a better value. */
  readonly patience?: number
  /** Trials at once, within this process: useful where the objective waits for something. 1 unless told otherwise. */
  readonly workers?: number
  /** A file that the search is written into, in Optuna's journal format; where it exists, the search goes on from it. */
  readonly journal?: string
  readonly signal?: AbortSignal
}

/**
 * Searches a space for the point with the best value. Equal options propose equal points, however many workers there are.
 * Tells every trial as events; the generator's return value holds all trials and the best one. Throws an InputError where
 * the journal is of another search.
 */
export async function* search<const P>(
  options: SearchOptions<P>,
): AsyncGenerator<SearchEvent, SearchResult, undefined> {
  const { direction = 'minimize', sampler = 'tpe', steps = 100, seed = 1, workers = 1, signal } = options
  const { trials, seconds, target, patience } = options
  const space = openSpace(options.space)
  const pruner = prunerSpec(options.pruner ?? 'none')
  const identity = {
    schema: 1,
    space: space.space.name,
    spaceHash: space.hash,
    sampler,
    pruner: pruner as unknown as Json,
    lag: LAG,
    seed,
    direction,
    steps,
  }
  const journal = openJournal(options.journal, space, direction, identity)
  try {
    return yield* searchTrials({
      space,
      sampler: samplers[sampler]({ space, seed }),
      pruner: openPruner(pruner, { seed, steps }),
      direction,
      journal,
      pool: inProcessPool(async (point, trial) => outcomeOf(await options.objective(point as PointOf<P>, trial)), workers),
      limits: { trials, seconds, target, patience },
      signal,
    })
  } finally {
    journal.close()
  }
}

/** A value that is no number is a failure of the trial, not of the search. */
function outcomeOf(answer: TrialAnswer): Outcome {
  if (typeof answer === 'object') return answer
  if (Number.isFinite(answer)) return { type: 'complete', value: answer, attributes: {} }
  return { type: 'failed', reason: 'error', message: `The objective returned ${answer}.`, attributes: {} }
}

function openJournal(
  path: string | undefined,
  space: OpenSpace,
  direction: Direction,
  settings: Record<string, Json>,
): SearchJournal {
  if (path === undefined) return memoryJournal(space)
  if (existsSync(path)) return reopenSearchJournal(path, space, checkJournal(path, settings))
  const name = `atelier-${space.space.name}`
  return createSearchJournal(path, space, { name, direction, metric: 'value', settings })
}
