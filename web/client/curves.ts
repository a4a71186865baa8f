import { type ReadonlySignal, signal } from '@preact/signals'
import type { Curves } from '../../src/catalog/run-row.ts'
import { endpoints } from './endpoints.ts'
import { get } from './http.ts'

/** The epochs of runs that are drawn: fetched when they are first wanted, and again when they have changed. */
export interface CurveStore {
  readonly curves: ReadonlySignal<ReadonlyMap<string, Curves>>
  /** Sees to it that the epochs of these runs will be there. */
  want(ids: readonly string[]): void
  /** These are not as they were. */
  changed(ids: readonly string[]): void
  close(): void
}

/** Runs of one answer: reading hundreds at once would keep the page from answering. */
const TOGETHER = 40
/** A run that goes fast is asked for no more often than this, in milliseconds. */
const PERIOD = 400

/** Opens an empty store. */
export function openCurves(): CurveStore {
  const curves = signal<ReadonlyMap<string, Curves>>(new Map())
  const asked = new Set<string>()
  const stale = new Set<string>()
  const leaving = new AbortController()
  let isBusy = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const work = async () => {
    timer = undefined
    if (isBusy || stale.size === 0 || leaving.signal.aborted) return
    isBusy = true
    const batch = [...stale].slice(0, TOGETHER)
    for (const id of batch) stale.delete(id)
    try {
      const { curves: found } = await get(endpoints.curves(batch), leaving.signal)
      curves.value = new Map([...curves.value, ...Object.entries(found)])
      isBusy = false
      plan(stale.size > 0 ? 0 : PERIOD)
    } catch {
      isBusy = false
      for (const id of batch) stale.add(id) // the list says that the server is away
      plan(3000)
    }
  }
  const plan = (milliseconds: number) => {
    if (stale.size > 0 && !leaving.signal.aborted) timer ??= setTimeout(work, milliseconds)
  }

  return {
    curves,
    want(ids) {
      const fresh = ids.filter((id) => !asked.has(id))
      for (const id of fresh) {
        asked.add(id)
        stale.add(id)
      }
      plan(0)
    },
    changed(ids) {
      for (const id of ids) if (asked.has(id)) stale.add(id)
      plan(PERIOD)
    },
    close() {
      leaving.abort()
      clearTimeout(timer)
    },
  }
}
