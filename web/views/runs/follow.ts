import { type ReadonlySignal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import type { Manifest } from '../../../src/record/manifest.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { type Asked, useAsked } from '../../parts/asked.ts'
import { idIn } from '../../server/api.ts'
import { listen, type StreamState, type Told } from '../../server/stream.ts'

/** One run as the server tells it. */
export interface RunAnswer {
  readonly row: RunRow
  readonly manifest: Manifest | null
  readonly events: readonly RunEvent[]
}

/** A run that is looked at. */
export interface Followed extends Asked<RunAnswer> {
  readonly events: readonly RunEvent[]
  readonly state: ReadonlySignal<StreamState>
  /** Its directory was taken away while it was looked at. */
  readonly isRemoved: boolean
  /** What is wrong with what came last. */
  readonly problem: string | undefined
}

const kinds = ['started', 'epoch', 'checkpoint', 'stopped', 'finished', 'failed']

/** A run's events after some more have come; `reset` and a new start say that they are told anew. */
export function grown(events: readonly RunEvent[], told: readonly Told[]): readonly RunEvent[] {
  let all: readonly RunEvent[] = events
  for (const { type, data } of told) {
    if (type === 'reset') all = []
    else if (type === 'started') all = [data]
    else if (kinds.includes(type)) all = [...all, data]
  }
  return all
}

/** Reads a run and follows it while it goes; of one that has ended it hears when it is changed or removed. */
export function useFollowed(id: string): Followed {
  const asked = useAsked<RunAnswer>(`/api/runs/${idIn(id)}`)
  const status = asked.value?.row.status
  const isLive = status === 'running' || status === 'silent' || status === 'interrupted'
  const live = useMemo(() => signal<readonly RunEvent[] | undefined>(undefined), [])
  const state = useMemo(() => signal<StreamState>('opening'), [])
  const removed = useMemo(() => signal(false), [])
  const problem = useMemo(() => signal<string | undefined>(undefined), [])
  const isThere = status !== undefined
  const { again } = asked
  const isMissed = !isThere && asked.error !== undefined
  useEffect(() => {
    if (!isThere && !isMissed) return
    let soon: ReturnType<typeof setTimeout> | undefined
    const askSoon = () => {
      clearTimeout(soon)
      soon = setTimeout(again, 800) // the server looks at its records twice a second
    }
    const ofRun = (told: readonly Told[]) => {
      live.value = grown(live.value ?? [], told)
      for (const { type, data } of told) {
        if (type === 'removed') removed.value = true
        if (type === 'problem') problem.value = data.detail
      }
      if (told.some(({ type }) => type === 'finished' || type === 'failed' || type === 'stopped')) askSoon()
    }
    const ofAll = (told: readonly Told[]) => {
      const own = told.filter(({ data }) => data.id === id)
      if (own.some(({ type, data }) => type === 'removed' && data.kind === 'run')) removed.value = true
      else if (own.some(({ type }) => type === 'run')) askSoon()
      // A server that was away, or a run that has just begun, is asked once more.
      if (isMissed && told.some(({ type }) => type === 'contents')) again()
    }
    let isNew = true
    const stream = isLive
      ? listen(`/api/runs/${idIn(id)}/events`, {
          types: [...kinds, 'reset', 'removed', 'problem', 'closing'],
          begun() {
            isNew = true
          },
          told(events) {
            if (isNew) live.value = []
            isNew = false
            ofRun(events)
          },
        })
      : listen('/api/events', { types: ['contents', 'run', 'removed', 'closing'], told: ofAll })
    const forget = stream.state.subscribe((value) => {
      state.value = value
    })
    return () => {
      clearTimeout(soon)
      forget()
      stream.close()
    }
  }, [id, isThere, isMissed, isLive, again])
  return {
    ...asked,
    events: live.value ?? asked.value?.events ?? [],
    state,
    isRemoved: removed.value,
    problem: problem.value,
  }
}

/** How a run stands by its last event, which may be newer than its row. */
export function statusNow(row: RunRow, events: readonly RunEvent[]): RunRow['status'] {
  if (row.status === 'corrupt' || events.length === 0) return row.status
  const { status } = summarize(events)
  return status === 'running' && row.status === 'silent' ? 'silent' : status
}
