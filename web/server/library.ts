import { type ReadonlySignal, signal } from '@preact/signals'
import type { RunRow } from '../../src/catalog/run-row.ts'
import type { SearchRow } from '../../src/catalog/search-row.ts'
import { get } from './api.ts'
import { listen, type Stream, type StreamState, type Told } from './stream.ts'

/** The lists of a server as they are now. */
export interface Library {
  readonly runs: ReadonlySignal<readonly RunRow[] | undefined>
  readonly searches: ReadonlySignal<readonly SearchRow[] | undefined>
  readonly state: ReadonlySignal<StreamState>
  /** Why there are no lists. */
  readonly error: ReadonlySignal<unknown>
  /** Runs whose epochs are not as they were: told to those who draw them. */
  changed(listener: (ids: readonly string[]) => void): () => void
  close(): void
}

/** Rows with those that are told put in the place of the old ones, and without those that are gone. */
export function updated<Row extends { readonly id: string }>(
  rows: readonly Row[],
  kind: string,
  events: readonly Told[],
): readonly Row[] {
  const concerned = events.filter(
    ({ type, data }) => type === kind || (type === 'removed' && data.kind === kind),
  )
  if (concerned.length === 0) return rows
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { type, data } of concerned) {
    if (type === 'removed') byId.delete(data.id)
    else byId.set(data.id, data)
  }
  return [...byId.values()]
}

/** Reads the lists and keeps them as they are: one stream for all runs and searches. */
export function openLibrary(): Library {
  const runs = signal<readonly RunRow[]>()
  const searches = signal<readonly SearchRow[]>()
  const error = signal<unknown>()
  const listeners = new Set<(ids: readonly string[]) => void>()
  let missed: Told[] = []
  let isReading = false
  let version: number | undefined

  const read = async () => {
    isReading = true
    try {
      const [first, second] = await Promise.all([
        get<{ version: number; runs: RunRow[] }>('/api/runs'),
        get<{ searches: SearchRow[] }>('/api/searches'),
      ])
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

  const told = (events: readonly Told[]) => {
    // A stream that begins says so by `contents`; what happened before it must be asked for.
    const begun = events.find(({ type }) => type === 'contents')
    if (begun !== undefined && begun.data.version !== version) void read()
    if (begun !== undefined) version = undefined // another time the same number may be another server's
    if (isReading) missed.push(...events)
    if (runs.value !== undefined) runs.value = updated(runs.value, 'run', events)
    if (searches.value !== undefined) searches.value = updated(searches.value, 'search', events)
    const ids = events.flatMap(({ type, data }) => (type === 'run' ? [data.id as string] : []))
    if (ids.length > 0) for (const listener of listeners) listener([...new Set(ids)])
  }

  void read()
  const stream: Stream = listen('/api/events', {
    types: ['contents', 'run', 'search', 'removed', 'closing'],
    told,
  })
  return {
    runs,
    searches,
    error,
    state: stream.state,
    changed(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: stream.close,
  }
}
