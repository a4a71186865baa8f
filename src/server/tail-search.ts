import { join } from 'node:path'
import { readSearchRow } from '../catalog/read-search-row.ts'
import { plainFiles, stampOf } from '../catalog/safe-read.ts'
import type { RecordEntry } from '../catalog/scan.ts'
import { SEARCH_FILES } from '../search/files.ts'
import { changedTrials, readSearchJournal } from '../search/read-record.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import { pause, type ServerEvent } from './event-stream.ts'

/** A journal is read whole where it changed; so often is soon enough for an eye. */
const PERIOD = 500

/**
 * A search as it goes: `trial` for each trial that is not as it was, `search` with its row when that changed. An event's
 * id is the journal's length in bytes: whoever comes back with it gets what changed since.
 */
export async function* tailSearch(
  entry: RecordEntry,
  lastId: string | undefined,
  ended: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const path = join(entry.directory, SEARCH_FILES.journal)
  let position = /^\d+$/.test(lastId ?? '') ? Number(lastId) : 0
  let before: readonly Trial[] =
    position > 0 ? (await readSearchJournal(plainFiles(entry), position)).trials : []
  let told = ''
  while (!ended.aborted) {
    const stamp = await stampOf(path)
    if (stamp === undefined) {
      yield { type: 'removed', data: {} }
      return
    }
    if (stamp.bytes !== position) {
      const journal = await readSearchJournal(plainFiles(entry))
      position = journal.bytes
      for (const record of changedTrials(before, journal.trials)) yield { type: 'trial', data: record }
      before = journal.trials
    }
    const { row } = await readSearchRow(entry, undefined)
    const { updatedAt, ...rest } = row
    const text = JSON.stringify(rest)
    if (text !== told) yield { type: 'search', data: row, id: String(position) }
    told = text
    if (row.status === 'finished' || row.status === 'stopped' || row.status === 'corrupt') return
    await pause(PERIOD, ended)
  }
}
