import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { parseJson } from '../record/read-json.ts'
import { SEARCH_FILES } from '../search/files.ts'
import { type SearchRecord, searchRecord, type TrialRecord } from '../search/record.ts'
import { searchRecordOf, trialRecordOf } from '../search/results.ts'
import { metricColumns, metrics } from '../search/settings.ts'
import { ranked } from '../tuning/best.ts'
import { parseJournal } from '../tuning/journal/journal.ts'
import { isFinished } from '../tuning/journal/operations.ts'
import { ENDED, replay, SETTINGS, studyOf } from '../tuning/journal/replay.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import { isHeld } from '../tuning/lock.ts'
import { type OpenSpace, openSpace } from '../tuning/open-space.ts'
import type { Space } from '../tuning/space.ts'
import { columnsOf, placeRow } from './run-row.ts'
import { readPlain, stampOf, tagOf } from './safe-read.ts'
import type { Place } from './scan.ts'

const count = z.number().int().nonnegative()

/** One search in a list. */
export const searchRow = placeRow.extend({
  name: z.string(),
  /** `silent`: neither ended nor kept by a process. */
  status: z.enum(['running', 'silent', 'stopped', 'finished', 'corrupt']),
  error: z.string().nullable(),
  /** Why it ended. */
  reason: z.string().nullable(),
  createdAt: z.string().nullable(),
  updatedAt: z.string(),
  metric: z.string().nullable(),
  direction: z.enum(['minimize', 'maximize']).nullable(),
  sampler: z.string().nullable(),
  pruner: z.string().nullable(),
  seed: count.nullable(),
  counts: z.object({ trials: count, complete: count, pruned: count, failed: count, unfinished: count }),
  trainingSeconds: z.number(),
  best: z
    .object({
      trial: count,
      value: z.number(),
      parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    })
    .nullable(),
  warnings: z.array(z.string()),
})
export type SearchRow = z.infer<typeof searchRow>

/** A search as far as its files tell. */
export interface ReadSearch {
  readonly tag: string
  readonly row: SearchRow
}

/** What a search was asked for, as its journal has it. */
const asked = z.object({
  definition: z.object({
    space: z.looseObject({ name: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  }),
  sampler: z.string(),
  pruner: z.object({ kind: z.string(), options: z.record(z.string(), z.unknown()) }),
  metric: z.enum(['val-accuracy', 'val-loss']),
  seed: count,
  repeats: count,
})
type Asked = z.infer<typeof asked>

/** A journal, replayed. */
export interface ReadJournal {
  readonly asked: Asked
  readonly space: OpenSpace
  readonly trials: readonly Trial[]
  readonly reason: string | null
  /** Bytes that were read: up to the end of the last whole line. */
  readonly bytes: number
  readonly warnings: readonly string[]
}

/** Reads a search's journal, or its beginning of so many bytes, as it was when it was no longer. */
export async function readJournalOf({ directory, path }: Place, bytes?: number): Promise<ReadJournal> {
  const at = `${path}/${SEARCH_FILES.journal}`
  const content = await readPlain(join(directory, SEARCH_FILES.journal), at)
  const { operations, soundBytes, warnings } = parseJournal(content.subarray(0, bytes), at)
  const { attributes } = studyOf(operations, at)
  const settings = parse(asked, attributes[SETTINGS], at)
  // Constraints chose the points; to read them nothing needs to be chosen.
  const { name, parameters } = settings.definition.space
  const space = openSpace({ name, parameters: parameters as Space['parameters'], constraints: [] })
  const ended = attributes[ENDED] as { reason?: string } | undefined
  const { trials } = replay(operations, space, at)
  return { asked: settings, space, trials, reason: ended?.reason ?? null, bytes: soundBytes, warnings }
}

const prunerText = ({ kind, options }: Asked['pruner']) => {
  const pairs = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  return pairs.length > 0 ? `${kind}:${pairs.join(',')}` : kind
}

function statusOf(place: Place, reason: string | null): SearchRow['status'] {
  if (isHeld(join(place.directory, SEARCH_FILES.lock))) return 'running'
  if (reason === null) return 'silent'
  return reason === 'interrupted' || reason === 'time' ? 'stopped' : 'finished'
}

const blankRow = (place: Place, modified: number): SearchRow => ({
  ...columnsOf(place),
  status: 'corrupt',
  error: null,
  reason: null,
  createdAt: null,
  updatedAt: new Date(modified).toISOString(),
  metric: null,
  direction: null,
  sampler: null,
  pruner: null,
  seed: null,
  counts: { trials: 0, complete: 0, pruned: 0, failed: 0, unfinished: 0 },
  trainingSeconds: 0,
  best: null,
  warnings: [],
})

function countsOf(trials: readonly Trial[]): SearchRow['counts'] {
  const inState = (state: Trial['state']) => trials.filter((trial) => trial.state === state).length
  return {
    trials: trials.length,
    complete: inState('complete'),
    pruned: inState('pruned'),
    failed: inState('failed'),
    unfinished: trials.filter(({ state }) => !isFinished(state)).length,
  }
}

function rowOf(place: Place, journal: ReadJournal, modified: number): SearchRow {
  const { asked, trials, reason, space, warnings } = journal
  const direction = metrics[asked.metric]
  const best = ranked(trials, direction).at(0)
  return {
    ...blankRow(place, modified),
    name: space.space.name,
    status: statusOf(place, reason),
    reason,
    createdAt: trials[0] === undefined ? null : trialRecordOf(trials[0]).start,
    metric: metricColumns[asked.metric],
    direction,
    sampler: asked.sampler,
    pruner: prunerText(asked.pruner),
    seed: asked.seed,
    counts: countsOf(trials),
    trainingSeconds: trials.reduce((sum, { attributes }) => sum + Number(attributes.seconds ?? 0), 0),
    best: best ? { trial: best.number, value: best.value as number, parameters: { ...best.point } } : null,
    warnings: [...warnings],
  }
}

const stamps = ({ directory }: Place) =>
  Promise.all([
    stampOf(join(directory, SEARCH_FILES.journal)),
    stampOf(join(directory, SEARCH_FILES.results)),
  ])

/** Reads a search where it changed since `known`; one that cannot be read is a row that says why. */
export async function readSearchPlace(place: Place, known: ReadSearch | undefined): Promise<ReadSearch> {
  const [journal, results] = await stamps(place)
  const tag = tagOf(journal, results)
  const modified = Math.max(journal?.modified ?? 0, results?.modified ?? 0)
  try {
    if (known?.tag === tag) {
      const { row } = known
      return row.status === 'corrupt' ? known : { tag, row: { ...row, status: statusOf(place, row.reason) } }
    }
    return { tag, row: rowOf(place, await readJournalOf(place), modified) }
  } catch (error) {
    return { tag, row: { ...blankRow(place, modified), error: (error as Error).message } }
  }
}

/** A search with its trials, and its results where they are written down and nothing came after them. */
export async function readSearchRecord(place: Place): Promise<SearchRecord> {
  const [journal, results] = await stamps(place)
  if (results !== undefined && results.modified >= (journal?.modified ?? 0)) {
    const at = `${place.path}/${SEARCH_FILES.results}`
    const text = (await readPlain(join(place.directory, SEARCH_FILES.results), at)).toString()
    return parse(searchRecord, parseJson(text, at), at)
  }
  if (journal === undefined) {
    throw new InputError({ at: place.path, expected: 'a journal or results', received: 'neither' })
  }
  const tag = tagOf(journal)
  if (latest?.name === tag) return latest.record
  const record = recordOf(await readJournalOf(place))
  latest = { name: tag, record }
  return record
}

/** What was worked out last; the importance of parameters takes a tenth of a second. */
let latest: { readonly name: string; readonly record: SearchRecord } | undefined

/** A search that is still going on as one plain value. */
function recordOf({ asked, trials, space, reason }: ReadJournal): SearchRecord {
  const head = {
    name: space.space.name,
    command: '',
    dataset: '',
    sampler: asked.sampler,
    pruner: prunerText(asked.pruner),
    seed: asked.seed,
    metric: metricColumns[asked.metric],
    direction: metrics[asked.metric],
    reason: reason ?? '',
    repeats: asked.repeats,
    validationImages: Number.NaN,
  }
  return { ...searchRecordOf(head, trials, space), note: '' }
}

/** The trials that are not as they were, as they are written down. */
export function changedTrials(before: readonly Trial[], after: readonly Trial[]): TrialRecord[] {
  return after.flatMap((trial, i) => {
    const record = trialRecordOf(trial)
    const isSame =
      before[i] !== undefined && JSON.stringify(trialRecordOf(before[i])) === JSON.stringify(record)
    return isSame ? [] : [record]
  })
}
