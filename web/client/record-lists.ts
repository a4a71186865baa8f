import { type ReadonlySignal, signal } from '@preact/signals'
import type { RecordIndexEvents } from '../../src/catalog/answers.ts'
import type { RunRow } from '../../src/catalog/run-row.ts'
import type { SearchRow } from '../../src/catalog/search-row.ts'
import { endpoints, streams } from './endpoints.ts'
import { listen, type ServerEvent, type StreamState } from './events.ts'
import { get } from './http.ts'

/** The lists of a server as they are now. */
export interface RecordLists {
  readonly runs: ReadonlySignal<readonly RunRow[] | undefined>
  readonly searches: ReadonlySignal<readonly SearchRow[] | undefined>
  readonly state: ReadonlySignal<StreamState>
  /** Why there are no lists. */
  readonly error: ReadonlySignal<unknown>
  /** Runs whose epochs are not as they were: for those who draw them. */
  onChange(listener: (ids: readonly string[]) => void): () => void
  close(): void
}

type RecordIndexEvent = ServerEvent<RecordIndexEvents>

/** Rows with the new ones put in the place of the old ones, and without those that are gone. */
export function updated<Row extends { readonly id: string }>(
  rows: readonly Row[],
  kind: 'run' | 'search',
  events: readonly RecordIndexEvent[],
): readonly Row[] {
  const concerned = events.filter(
    ({ type, data }) => type === kind || (type === 'removed' && data.kind === kind),
  )
  if (concerned.length === 0) return rows
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { type, data } of concerned) {
    if (type === 'removed') byId.delete(data.id)
    else if (type === kind) byId.set(data.id, data as unknown as Row)
  }
  return [...byId.values()]
}

/** Reads the lists and keeps them as they are: one stream for all runs and searches. */
export function openRecordLists(): RecordLists {
  const runs = signal<readonly RunRow[]>()
  const searches = signal<readonly SearchRow[]>()
  const error = signal<unknown>()
  const listeners = new Set<(ids: readonly string[]) => void>()
  let missed: RecordIndexEvent[] = []
  let isReading = false
  let version: number | undefined

  const read = async () => {
    isReading = true
    try {
      const [first, second] = await Promise.all([get(endpoints.runs()), get(endpoints.searches())])
      runs.value = updated(first.runs, 'run', missed)
      searches.value = updated(second.searches, 'search', missed)
      error.value = undefined
      version = first.version
    } catch (thrown) {
      error.value = thrown
    } finally {
      missed = []
      isReading = false
    }
  }

  const onEvents = (events: readonly RecordIndexEvent[]) => {
    // A stream that begins says so by `contents`; what happened before it must be asked for.
    const begun = events.find(({ type }) => type === 'contents')
    if (begun?.type === 'contents') {
      if (begun.data.version !== version) void read()
      version = undefined // another time the same number may be another server's
    }
    if (isReading) missed.push(...events)
    if (runs.value !== undefined) runs.value = updated(runs.value, 'run', events)
    if (searches.value !== undefined) searches.value = updated(searches.value, 'search', events)
    const ids = events.flatMap(({ type, data }) => (type === 'run' ? [data.id] : []))
    if (ids.length > 0) for (const listener of listeners) listener([...new Set(ids)])
  }

  void read()
  const stream = listen(streams.recordIndex(), { onEvents })
  return {
    runs,
    searches,
    error,
    state: stream.state,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: stream.close,
  }
}
