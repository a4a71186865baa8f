import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { key } from '../../base/random.ts'
import { wilson } from '../../base/statistics/shares.ts'
import { watch } from '../../base/watch.ts'
import type { Engine } from '../../model/network.ts'
import { makeFresh, writeWhole } from '../../record/files.ts'
import { readRun } from '../../record/run.ts'
import type { SearchRecord } from '../../record/search.ts'
import { evaluationRecord } from '../../record/study.ts'
import { readJournal } from '../../tuning/journal/journal.ts'
import type { Json } from '../../tuning/journal/operations.ts'
import { SETTINGS, studyOf } from '../../tuning/journal/replay.ts'
import {
  createSearchJournal,
  reopenSearchJournal,
  type SearchJournal,
} from '../../tuning/journal/search-journal.ts'
import { takeLock } from '../../tuning/lock.ts'
import { processPool } from '../../tuning/pool/process-pool.ts'
import { openPruner, type PrunerSpec } from '../../tuning/pruners/index.ts'
import { type SamplerName, samplers } from '../../tuning/samplers/index.ts'
import type { Sampler } from '../../tuning/samplers/sampler.ts'
import { LAG, type Limits, type SearchEvent, type SearchResult, search } from '../../tuning/search.ts'
import { watchForStop } from '../../tuning/stop.ts'
import { evaluateRun, TEST_FILE } from '../evaluate-run.ts'
import { recordRun, type SplitDataset } from '../recorded-run.ts'
import type { ObjectiveArgument } from './objective.ts'
import { definitionData, type readSearch, tryBuilding } from './read-search.ts'
import { resultsCsv, searchRecordOf } from './results.ts'
import { metricColumns, metrics, settingsOf, type TrialSettings } from './settings.ts'

/** The names of the files in a search's directory. */
export const SEARCH_FILES = {
  journal: 'journal.log',
  lock: 'search.lock',
  /** Put there by whoever wants the search to stop. */
  stop: 'search.stop',
  results: 'results.json',
  table: 'results.csv',
} as const

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
      hint: 'Say --trials N.',
    })
  }
  // As the reference's tool counts: rounded down.
  const trials = Math.floor(allowed * fraction)
  if (trials >= 1) return trials
  throw new InputError({ at, expected: `at least one of ${allowed} points`, received: `${fraction}` })
}

/** What makes two searches the same: whatever decides a point, a value or a weight. */
function identityOf(request: SearchRequest): Record<string, Json> {
  const { definition, data, engine, sampler, pruner, seed, metric, monitor, epochs, earlyStopping, repeats } =
    request
  return {
    schema: 1,
    space: definition.space.name,
    spaceHash: definition.opened.hash,
    definition: definitionData(definition) as unknown as Json,
    sampler,
    pruner: pruner as unknown as Json,
    lag: LAG,
    seed,
    metric,
    monitor,
    epochs,
    earlyStopping,
    repeats,
    data: data.dataset.hash,
    split: data.split.hash,
    arithmetic: engine.arithmetic,
  }
}

const plain = (value: Json | undefined) =>
  value === undefined ? 'nothing' : typeof value === 'object' ? JSON.stringify(value) : `${value}`

/** Throws where a journal belongs to another search, naming what differs. */
function checkIdentity(path: string, recorded: Json, wanted: Record<string, Json>): void {
  const there = recorded as Record<string, Json>
  if (there.spaceHash !== wanted.spaceHash) {
    throw new InputError({
      at: path,
      expected: `the journal of a search in this space, ${plain(wanted.space)}`,
      received: `one of another space${there.space === wanted.space ? ' of the same name' : `, ${plain(there.space)}`}`,
      hint: 'Resume with the space that it was begun with, or choose another --out.',
    })
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (JSON.stringify(there[name]) === JSON.stringify(value)) continue
    throw new InputError({
      at: `${path}: ${name}`,
      expected: `${plain(there[name])}, as the search was begun`,
      received: plain(value),
      hint: 'Resume with the same settings, or choose another --out. Limits and workers may change.',
    })
  }
}

function checkJournal(path: string, identity: Record<string, Json>) {
  const text = readJournal(path)
  checkIdentity(path, studyOf(text.operations, path).attributes[SETTINGS], identity)
  return text
}

/**
 * What there is to go on with. A search that was killed in its first moment left a directory with nothing in it but the
 * lock and, perhaps, a journal's first line or a part of it: it is begun anew.
 */
async function findJournal(directory: string, path: string): Promise<'none' | 'unbegun' | 'begun'> {
  const entries = await readdir(directory).catch(() => undefined)
  if (entries === undefined) return existsSync(directory) ? 'begun' : 'none'
  const isOwn = (name: string) =>
    [SEARCH_FILES.journal, SEARCH_FILES.stop].some((own) => own === name) ||
    name.startsWith(SEARCH_FILES.lock)
  if (!entries.every(isOwn)) return 'begun'
  const content = await readFile(path, 'utf8').catch(() => '')
  const isOurs = BEGINNING.startsWith(content) || content.startsWith(BEGINNING)
  const isOf = (name: string) =>
    !content.includes('"study_name":') || content.includes(`"study_name":"${name}`)
  return isOurs && isOf('atelier-') && !content.includes(`"user_attr":{"${SETTINGS}":`) ? 'unbegun' : 'begun'
}

/** How the first line of a journal begins. */
const BEGINNING = '{"op_code":0,"worker_id":"'

/** What a search leaves. */
export interface FinishedSearch {
  readonly record: SearchRecord
  readonly interrupted: boolean
}

export type NetworkSearchEvent = SearchEvent | { readonly type: 'phase'; readonly message: string }
type Stream<Result> = AsyncGenerator<NetworkSearchEvent, Result, undefined>

/** Checks everything, then searches, and writes the results. Nothing is written where an input is wrong. */
export async function* runSearch(request: SearchRequest): Stream<FinishedSearch> {
  const { directory, definition, data, sampler: samplerName, seed, resume } = request
  const { height, width, channels } = data.dataset.train
  const sizes = { imageShape: [height, width, channels], classes: data.dataset.classNames.length }
  tryBuilding(definition, sizes, key(seed).child('try'))
  const trials = countTrials(request)
  const sampler = samplers[samplerName]({ space: definition.opened, seed })
  const path = join(directory, SEARCH_FILES.journal)
  const identity = identityOf(request)
  const found = resume ? await findJournal(directory, path) : 'none'
  if (found === 'none')
    await makeFresh(directory, 'Go on with it (--resume), choose another --out, or remove it.')
  if (found === 'begun') checkJournal(path, identity)
  const lock = await takeLock(join(directory, SEARCH_FILES.lock))
  const stop = watchForStop(join(directory, SEARCH_FILES.stop), request.signal)
  try {
    const text = found === 'begun' ? checkJournal(path, identity) : undefined // again: only now nobody else writes it
    if (found === 'unbegun') await rm(path, { force: true })
    for (const message of text?.warnings ?? []) yield { type: 'warning', message }
    const head = {
      name: `atelier-${definition.space.name}`,
      direction: metrics[request.metric],
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

async function* searchWith(
  request: SearchRequest,
  sampler: Sampler,
  journal: SearchJournal,
  trials: number,
  note: (workers: readonly number[]) => void,
): Stream<SearchResult> {
  const { definition, pruner, seed, epochs, limits, signal, directory, data, engine } = request
  const { metric, monitor, earlyStopping, repeats, command } = request
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
      direction: metrics[metric],
      journal,
      pool,
      limits: { ...limits, trials },
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

/** Writes results and, where the search came to its end, evaluates the best trial on the test split: once. */
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
      metric: metricColumns[request.metric],
      direction: metrics[request.metric],
      reason: result.reason,
      repeats,
      validationImages: data.split.validation.length,
    },
    result.trials,
    definition.opened,
  )
  const interrupted = result.reason === 'interrupted'
  const isOver = !interrupted && result.best !== undefined
  if (isOver) yield { type: 'phase', message: 'Evaluating the best trial on the test split…' }
  const tested = isOver ? await testBest(request, record) : undefined
  const full = record.best && tested ? { ...record, best: { ...record.best, test: tested } } : record
  await writeWhole(join(directory, SEARCH_FILES.results), `${JSON.stringify(full)}\n`)
  await writeWhole(join(directory, SEARCH_FILES.table), resultsCsv(full))
  return { record: full, interrupted }
}

type Tested = NonNullable<NonNullable<SearchRecord['best']>['test']>

/** The evaluation of a run on the test split: the one that was written down, where there is one. */
async function testRun(request: SearchRequest, directory: string): Promise<Tested> {
  const written = await readFile(join(directory, TEST_FILE), 'utf8').catch(() => undefined)
  const known = written === undefined ? undefined : evaluationRecord.safeParse(JSON.parse(written)).data
  const { loss, accuracy, count } =
    known ?? (await evaluateRun(await readRun(directory), request.data, request.engine)).test.evaluation
  const { low, high } = wilson(accuracy, count)
  return { loss, accuracy, count, interval: [low, high] }
}

const testBest = (request: SearchRequest, record: SearchRecord) =>
  testRun(request, join(request.directory, record.best!.run))

/** The seed of a second training: far from those of repeats. */
const OTHER_SEED = 1000

/** Trains the best point again with another seed, and evaluates that: how much of the winner's lead was luck. */
export async function retrainBest(
  request: SearchRequest,
  record: SearchRecord,
  show: (event: unknown) => void,
) {
  const best = record.best!
  const { definition, data, directory } = request
  const { height, width, channels } = data.dataset.train
  const sizes = { imageShape: [height, width, channels], classes: data.dataset.classNames.length }
  const setup = definition.build(best.parameters, sizes)
  const run = join('best', `trial-${String(best.trial).padStart(4, '0')}`)
  await rm(join(directory, run), { recursive: true, force: true })
  await mkdir(join(directory, 'best'), { recursive: true })
  const { events } = await watch(
    recordRun({
      directory: join(directory, run),
      name: `trial ${best.trial}, again`,
      command: request.command,
      data,
      model: setup.model,
      settings: settingsOf(setup, request, OTHER_SEED),
      engine: request.engine,
      signal: request.signal,
    }),
    show,
  )
  const finished = events.find((event) => event.type === 'finished')
  if (finished === undefined) return record
  const value = request.metric === 'val-accuracy' ? finished.validation.accuracy : finished.validation.loss
  const test = await testRun(request, join(directory, run))
  const full = { ...record, best: { ...best, retrained: { run, value: value ?? Number.NaN, test } } }
  await writeWhole(join(directory, SEARCH_FILES.results), `${JSON.stringify(full)}\n`)
  return full
}
