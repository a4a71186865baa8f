import { join } from 'node:path'
import { isHeld } from '../record/lock.ts'
import { SEARCH_FILES } from '../search/files.ts'
import { prunerText, readSearchJournal, type SearchState } from '../search/read-record.ts'
import { trialRecordOf } from '../search/results.ts'
import { directionOf } from '../search/settings.ts'
import { ranked } from '../tuning/best.ts'
import { isFinished } from '../tuning/journal/operations.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import { plainFiles, stampOf, tagOf } from './safe-read.ts'
import { columnsOf, type RecordEntry } from './scan.ts'
import type { SearchRow } from './search-row.ts'

/** A search as far as its files tell. */
export interface ReadSearch {
  readonly tag: string
  readonly row: SearchRow
}

function statusOf(entry: RecordEntry, reason: string | null): SearchRow['status'] {
  if (isHeld(join(entry.directory, SEARCH_FILES.lock))) return 'running'
  if (reason === null) return 'silent'
  return reason === 'interrupted' || reason === 'time' ? 'stopped' : 'finished'
}

const blankRow = (entry: RecordEntry, modified: number): SearchRow => ({
  ...columnsOf(entry),
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

function rowOf(entry: RecordEntry, journal: SearchState, modified: number): SearchRow {
  const { asked, trials, reason, space, warnings } = journal
  const direction = directionOf(asked.metric)
  const best = ranked(trials, direction).at(0)
  return {
    ...blankRow(entry, modified),
    name: space.space.name,
    status: statusOf(entry, reason),
    reason,
    createdAt: trials[0] === undefined ? null : trialRecordOf(trials[0]).startedAt,
    metric: asked.metric,
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

const stamps = ({ directory }: RecordEntry) =>
  Promise.all([
    stampOf(join(directory, SEARCH_FILES.journal)),
    stampOf(join(directory, SEARCH_FILES.results)),
  ])

/** Reads a search where it changed since `known`; one that cannot be read is a row that says why. */
export async function readSearchRow(entry: RecordEntry, known: ReadSearch | undefined): Promise<ReadSearch> {
  const [journal, results] = await stamps(entry)
  const tag = tagOf(journal, results)
  const modified = Math.max(journal?.modified ?? 0, results?.modified ?? 0)
  try {
    if (known?.tag === tag) {
      const { row } = known
      return row.status === 'corrupt' ? known : { tag, row: { ...row, status: statusOf(entry, row.reason) } }
    }
    return { tag, row: rowOf(entry, await readSearchJournal(plainFiles(entry)), modified) }
  } catch (error) {
    return { tag, row: { ...blankRow(entry, modified), error: (error as Error).message } }
  }
}
