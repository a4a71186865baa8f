import { resolve } from 'node:path'
import { type FoundAudit, type ReadAudit, readAudit } from './audit-row.ts'
import { type ReadRun, readRun } from './read-run-row.ts'
import { type ReadSearch, readSearchRow } from './read-search-row.ts'
import type { Curves, RunRow } from './run-row.ts'
import { type RecordEntry, scan } from './scan.ts'
import type { SearchRow } from './search-row.ts'
import { type StudyRow, studyRow } from './study-row.ts'

/** What lies below a directory of records, as it was when it was last looked at. */
export interface Contents {
  /** Changes whenever anything else does. */
  readonly version: number
  readonly runs: readonly RunRow[]
  readonly searches: readonly SearchRow[]
  readonly studies: readonly StudyRow[]
}

/** A directory of records, read again where it changed. Its records are found by ids of its own making: no path is taken from outside. */
export interface RecordIndex {
  readonly root: string
  /** What lies there; looked at again when the last look is some time ago. */
  contents(): Promise<Contents>
  /** The entry of a record; undefined where there is none of this id and kind. */
  find(kind: RecordEntry['kind'], id: string): Promise<RecordEntry | undefined>
  /** The latest audit of the data with this content; undefined where there is none. */
  auditOf(dataHash: string): Promise<FoundAudit | undefined>
  /** The epochs of runs, a column a figure; all where no ids are given. Unknown ids are left out. */
  curves(ids?: readonly string[]): Promise<Record<string, Curves>>
}

/** Looking takes at most a tenth of the time, and happens at most so many times a second. */
const SHARE = 10
const LEAST = 500

/** Opens a directory of records, which need not exist yet. */
export function openRecordIndex(directory: string, now = () => performance.now()): RecordIndex {
  const root = resolve(directory)
  let entries = new Map<string, RecordEntry>()
  let runs = new Map<string, ReadRun>()
  let searches = new Map<string, ReadSearch>()
  let audits = new Map<string, ReadAudit>()
  let contents: Contents = { version: 0, runs: [], searches: [], studies: [] }
  let text = ''
  let looking: Promise<void> | undefined
  let next = Number.NEGATIVE_INFINITY

  const look = async () => {
    const began = now()
    const found = await scan(root)
    const [nextRuns, nextSearches] = [new Map<string, ReadRun>(), new Map<string, ReadSearch>()]
    const nextAudits = new Map<string, ReadAudit>()
    for (const entry of found) {
      if (entry.kind === 'run') nextRuns.set(entry.id, await readRun(entry, runs.get(entry.id)))
      if (entry.kind === 'search')
        nextSearches.set(entry.id, await readSearchRow(entry, searches.get(entry.id)))
      if (entry.kind === 'audit' || entry.kind === 'study')
        nextAudits.set(entry.id, await readAudit(entry, audits.get(entry.id)))
    }
    const studies = await Promise.all(found.filter(({ kind }) => kind === 'study').map(studyRow))
    entries = new Map(found.map((entry) => [`${entry.kind} ${entry.id}`, entry]))
    ;[runs, searches, audits] = [nextRuns, nextSearches, nextAudits]
    const rows = {
      runs: [...runs.values()].map(({ row }) => row),
      searches: [...searches.values()].map(({ row }) => row),
      studies,
    }
    const nextText = [
      ...[...runs.values(), ...searches.values()].map(({ tag, row }) => `${row.id} ${row.status} ${tag}`),
      ...studies.map(({ id, status }) => `${id} ${status}`),
    ].join('\n')
    if (nextText !== text) contents = { version: contents.version + 1, ...rows }
    text = nextText
    next = now() + Math.max(LEAST, SHARE * (now() - began))
  }

  const fresh = async () => {
    if (looking === undefined && now() >= next) {
      looking = look().finally(() => {
        looking = undefined
      })
    }
    await looking
    return contents
  }

  return {
    root,
    contents: fresh,
    async find(kind, id) {
      const name = `${kind} ${id}`
      if (!entries.has(name)) await fresh()
      return entries.get(name)
    },
    async auditOf(dataHash) {
      await fresh()
      const found = [...audits.values()].flatMap(({ audit }) => (audit?.dataHash === dataHash ? [audit] : []))
      return found.sort((a, b) => b.modified - a.modified)[0]
    },
    async curves(ids) {
      await fresh()
      const wanted = ids ?? [...runs.keys()]
      return Object.fromEntries(
        wanted.flatMap((id) => {
          const run = runs.get(id)
          return run === undefined ? [] : [[id, run.curves]]
        }),
      )
    },
  }
}
