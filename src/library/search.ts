import { existsSync } from 'node:fs'
import { type EventStream, eventStream } from '../base/event-stream.ts'
import { key } from '../base/random.ts'
import { checkJournal } from '../search/identity.ts'
import type { Direction, Json } from '../tuning/journal/operations.ts'
import {
  createSearchJournal,
  memoryJournal,
  reopenSearchJournal,
  type SearchJournal,
} from '../tuning/journal/search-journal.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import { type OpenSpace, openSpace, refuseEmpty } from '../tuning/open-space.ts'
import { inProcessPool } from '../tuning/pool/in-process.ts'
import type { Outcome, TrialContext } from '../tuning/pool/pool.ts'
import { openPruner, type PrunerInput, prunerSpec } from '../tuning/pruners/index.ts'
import { journalledSampler, type SamplerInput, samplerName, samplers } from '../tuning/samplers/index.ts'
import {
  checkedLag,
  type Limits,
  type SearchEvent,
  type SearchResult,
  search as searchTrials,
} from '../tuning/search.ts'
import type { PointOf, TypedSpace } from '../tuning/space.ts'

/** What an objective has beside its point. */
export interface RunningTrial {
  /** From 0. */
  readonly number: number
  /** Aborted when the search is to end: hand it to `train`. */
  readonly signal: AbortSignal
  /**
   * Says what the value is after a step, from 1 and ascending; what is not finite is passed over. It throws where the trial
   * is to end here: let it pass, the search knows why.
   */
  report(step: number, value: number | null): Promise<void>
}

/** What to search, how, and how long; whatever is left out has the default that is named with it. */
export interface SearchOptions<P> extends Limits {
  /** Made by `defineSpace`. */
  readonly space: TypedSpace<P>
  /** The value of a point. Where it throws, or returns what is no number, the trial has failed and the search goes on. */
  readonly objective: (point: PointOf<P>, trial: RunningTrial) => number | Promise<number>
  /** `minimize` unless told otherwise. */
  readonly direction?: Direction
  /** `random` unless told otherwise. */
  readonly sampler?: SamplerInput
  /** `none` unless told otherwise; `'asha'`, or with options: `{ kind: 'asha', minimum: 2 }`. */
  readonly pruner?: PrunerInput
  /** How many steps a whole trial reports; pruners plan by it. 100 unless told otherwise. */
  readonly steps?: number
  /** 1 unless told otherwise. */
  readonly seed?: number
  /** Trials at once in this process: useful where the objective waits for something. 1 unless told otherwise. */
  readonly workers?: number
  /**
   * A trial's point and its end look at the results of the trials before it but for so many of the latest: 4 unless told
   * otherwise. Up to one more workers don't wait for each other; with 0 every result is looked at before the next trial begins.
   */
  readonly lag?: number
  /** A file to write the search into, in Optuna's journal format; where it exists, the search goes on from it. */
  readonly journal?: string
  readonly signal?: AbortSignal | undefined
}

/** A trial with the types of its space. */
export type TrialIn<P> = Omit<Trial, 'point'> & { readonly point: PointOf<P> }

/** How a search ended: why, with which trials, and the best of those that were completed. */
export interface SearchOutcome<P> extends Pick<SearchResult, 'reason'> {
  readonly trials: readonly TrialIn<P>[]
  readonly best: TrialIn<P> | undefined
}

/**
 * Searches a space for the point with the best value. `await` it for its trials; `for await` tells how it goes. Equal
 * options propose equal points, however many workers there are. Throws an InputError where an option is wrong, or where the
 * journal is of another search.
 *
 * ```ts
 * const space = defineSpace({ name: 'parabola', parameters: { x: range(-1, 1) } })
 * const { best } = await search({ space, objective: ({ x }) => (x - 0.5) ** 2, trials: 30 })
 * ```
 */
export const search = <const P>(options: SearchOptions<P>): EventStream<SearchEvent, SearchOutcome<P>> =>
  eventStream(searchSpace(options))

async function* searchSpace<P>(
  options: SearchOptions<P>,
): AsyncGenerator<SearchEvent, SearchOutcome<P>, undefined> {
  const { direction = 'minimize', steps = 100, seed = 1, workers = 1, signal } = options
  const lag = checkedLag(options.lag)
  const { trials, seconds, target, patience } = options
  const space = openSpace(options.space)
  refuseEmpty(space, key(0))
  const sampler = samplerName(options.sampler ?? 'random')
  const pruner = prunerSpec(options.pruner ?? 'none')
  const journal = openJournal(options.journal, space, direction, {
    ...{ schema: 2, space: space.space.name, spaceHash: space.hash, lag, seed, direction, steps },
    ...{ sampler: journalledSampler(sampler), pruner: pruner as unknown as Json },
  })
  try {
    const found = yield* searchTrials({
      space,
      sampler: samplers[sampler]({ space, seed }),
      pruner: openPruner(pruner, { seed, steps }),
      direction,
      journal,
      pool: inProcessPool(
        (point, trial) => outcomeOf(options.objective, point as PointOf<P>, trial),
        workers,
      ),
      limits: { trials, seconds, target, patience },
      lag,
      signal,
    })
    return found as unknown as SearchOutcome<P> // every point was proposed by the space
  } finally {
    journal.close()
  }
}

/** Thrown into an objective whose trial is to end. */
class TrialEnds extends Error {
  override readonly name = 'TrialEnds'
}

/** Calls an objective; what it says after the search told it to end does not count. */
async function outcomeOf<Point>(
  objective: (point: Point, trial: RunningTrial) => number | Promise<number>,
  point: Point,
  { number, signal, report }: TrialContext,
): Promise<Outcome> {
  let end: Outcome | undefined
  const tell = async (step: number, value: number | null) => {
    if (value === null || !Number.isFinite(value)) return
    const verdict = await report(step, value)
    if (verdict === 'continue') return
    end = verdict === 'prune' ? { type: 'pruned', attributes: {} } : { type: 'interrupted' }
    throw new TrialEnds(`The trial ends after step ${step}.`)
  }
  try {
    const value = await objective(point, { number, signal, report: tell })
    return end ?? (signal.aborted ? { type: 'interrupted' } : completed(value))
  } catch (error) {
    if (end !== undefined) return end
    if (signal.aborted) return { type: 'interrupted' }
    throw error
  }
}

function completed(value: number): Outcome {
  if (Number.isFinite(value)) return { type: 'complete', value, attributes: {} }
  return { type: 'failed', reason: 'error', message: `The objective returned ${value}.`, attributes: {} }
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
