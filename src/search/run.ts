import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { key } from '../base/random.ts'
import { encodeRecord } from '../record/checksum.ts'
import { makeFresh, writeWhole } from '../record/files.ts'
import { takeLock } from '../record/lock.ts'
import { sizesOf } from '../record/split-dataset.ts'
import type { Json } from '../tuning/journal/operations.ts'
import {
  createSearchJournal,
  reopenSearchJournal,
  type SearchJournal,
} from '../tuning/journal/search-journal.ts'
import { processPool } from '../tuning/pool/process-pool.ts'
import { openPruner } from '../tuning/pruners/index.ts'
import { samplers } from '../tuning/samplers/index.ts'
import type { Sampler } from '../tuning/samplers/sampler.ts'
import { type SearchEvent, type SearchResult, search } from '../tuning/search.ts'
import { watchForStop } from '../tuning/stop.ts'
import { SEARCH_FILES } from './files.ts'
import { checkJournal, findJournal, identityOf, recordedSchedule } from './identity.ts'
import type { ObjectiveArgument } from './objective.ts'
import { type Tried, tryBuilding } from './read-search.ts'
import type { SearchRecord } from './record.ts'
import { countTrials, type SearchRequest } from './request.ts'
import { resultsCsv, searchRecordOf } from './results.ts'
import { directionOf, metricColumns } from './settings.ts'
import { testBest } from './winner.ts'

/** What a search leaves. */
export interface FinishedSearch {
  readonly record: SearchRecord
  readonly interrupted: boolean
}

export type NetworkSearchEvent = SearchEvent | { readonly type: 'phase'; readonly message: string }
type Stream<Result> = AsyncGenerator<NetworkSearchEvent, Result, undefined>

/** Checks everything, then searches, and writes the results. Nothing is written where an input is wrong. */
export async function* runSearch(wanted: SearchRequest): Stream<FinishedSearch> {
  const { directory, definition, data, sampler: samplerName, seed, resume } = wanted
  const sizes = sizesOf(data.dataset)
  const tried = tryBuilding(definition, sizes, key(seed).child('try'))
  const trials = countTrials(wanted)
  const sampler = samplers[samplerName]({ space: definition.opened, seed })
  const path = join(directory, SEARCH_FILES.journal)
  const found = resume ? await findJournal(directory, path) : 'none'
  const schedule = wanted.schedule ?? (found === 'begun' ? recordedSchedule(path) : undefined)
  const request = { ...wanted, schedule }
  const identity = identityOf(request)
  if (tried.failed > 0) yield { type: 'warning', message: aboutTried(tried) }
  if (found === 'none')
    await makeFresh(directory, 'Resume it (--resume), choose another --out, or remove it.')
  if (found === 'begun') checkJournal(path, identity)
  const lock = await takeLock(join(directory, SEARCH_FILES.lock), 'a search')
  const stop = watchForStop(join(directory, SEARCH_FILES.stop), request.signal)
  try {
    const text = found === 'begun' ? checkJournal(path, identity) : undefined // again: only now nobody else writes it
    if (found === 'unbegun') await rm(path, { force: true })
    for (const message of text?.warnings ?? []) yield { type: 'warning', message }
    const head = {
      name: `atelier-${definition.space.name}`,
      direction: directionOf(request.metric),
      metric: metricColumns[request.metric],
      settings: identity,
    }
    const journal = text
      ? reopenSearchJournal(path, definition.opened, text)
      : createSearchJournal(path, definition.opened, head)
    try {
      const result = yield* searchWith(
        { ...request, signal: stop.signal },
        sampler,
        journal,
        trials,
        lock.note,
      )
      return yield* conclude(request, result)
    } finally {
      journal.close()
    }
  } finally {
    stop.close()
    lock.release()
  }
}

const aboutTried = ({ points, failed, message }: Tried) =>
  `${failed} of ${points} random points cannot be built, and their like cost a trial each: ${message}`

async function* searchWith(
  request: SearchRequest,
  sampler: Sampler,
  journal: SearchJournal,
  trials: number,
  note: (workers: readonly number[]) => void,
): Stream<SearchResult> {
  const { definition, pruner, seed, epochs, limits, signal, directory, data, engine } = request
  const { metric, monitor, earlyStopping, repeats, schedule, command } = request
  const isFile = /\.\w+$/.test(request.spaceText)
  const argument: ObjectiveArgument = {
    space: isFile ? resolve(request.spaceText) : request.spaceText,
    source: data.dataset.source,
    dataHash: data.dataset.hash,
    split: data.splitOptions,
    backend: engine.backend.name,
    arithmetic: engine.arithmetic,
    directory: resolve(directory),
    command,
    metric,
    monitor,
    epochs,
    earlyStopping,
    seed,
    repeats,
    ...(schedule && { schedule }),
  }
  const isTypeScript = import.meta.url.endsWith('.ts')
  const module = new URL(isTypeScript ? './objective.ts' : './objective.js', import.meta.url).href
  const pool = processPool(
    { module, argument: argument as unknown as Json },
    Math.min(request.workers, trials),
  )
  try {
    const stream = search({
      space: definition.opened,
      sampler,
      pruner: openPruner(pruner, { seed, steps: epochs }),
      direction: directionOf(metric),
      journal,
      pool,
      limits: { ...limits, trials },
      lag: request.lag,
      signal,
    })
    let pids = ''
    let next = await stream.next()
    while (!next.done) {
      if (pool.pids().join() !== pids) {
        pids = pool.pids().join()
        note(pool.pids())
      }
      yield next.value
      next = await stream.next()
    }
    return next.value
  } finally {
    await pool.close()
  }
}

/**
 * Writes results and, where the search came to its end, evaluates the best trial on the test split: once. A search that
 * ran out of time may go on and find a better one, so the test images stay sealed.
 */
async function* conclude(request: SearchRequest, result: SearchResult): Stream<FinishedSearch> {
  const { directory, definition, data, pruner, repeats } = request
  const options = Object.entries(pruner.options).map(([name, value]) => `${name}=${value}`)
  const record = searchRecordOf(
    {
      name: definition.space.name,
      command: request.command,
      dataset: data.dataset.title,
      sampler: request.sampler,
      pruner: options.length > 0 ? `${pruner.kind}:${options.join(',')}` : pruner.kind,
      seed: request.seed,
      metric: request.metric,
      direction: directionOf(request.metric),
      stopReason: result.reason,
      repeats,
      validationImages: data.split.validation.length,
    },
    result.trials,
    definition.opened,
  )
  const interrupted = result.reason === 'interrupted'
  const isOver = !interrupted && result.reason !== 'time' && result.best !== undefined
  if (isOver) yield { type: 'phase', message: 'Evaluating the best trial on the test split…' }
  const tested = isOver ? await testBest(request, record) : undefined
  const full = record.best && tested ? { ...record, best: { ...record.best, test: tested } } : record
  await writeWhole(join(directory, SEARCH_FILES.results), encodeRecord(full))
  await writeWhole(join(directory, SEARCH_FILES.table), resultsCsv(full))
  return { record: full, interrupted }
}
