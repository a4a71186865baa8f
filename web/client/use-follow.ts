import { type ReadonlySignal, signal } from '@preact/signals'
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks'
import { streams } from './endpoints.ts'
import { type EventStream, listen, type ServerEvent, type StreamState } from './events.ts'
import type { Fetched } from './use-fetch.ts'

/** How a record that is followed stands. */
export interface Following {
  readonly state: ReadonlySignal<StreamState>
  /** Its directory was taken away while it was looked at. */
  readonly isRemoved: boolean
  /** What is wrong with what came last. */
  readonly problem: string | undefined
}

/** What the stream of every record may tell. */
interface Endings {
  readonly removed: unknown
  readonly problem: { readonly detail: string }
}

interface FollowOptions<Events extends Endings> {
  readonly kind: 'run' | 'search'
  readonly id: string
  readonly request: Pick<Fetched<unknown>, 'value' | 'error' | 'refetch'>
  /** Whether more of it is expected: then its own stream is listened to, else that of all records. */
  readonly isLive: boolean
  readonly stream: EventStream<Events>
  /** Its stream begins, and tells everything again. */
  onStart?(): void
  /** What its stream tells; `refetchSoon` asks for the whole once more after so many milliseconds. */
  onEvents(events: readonly ServerEvent<Events>[], refetchSoon: (milliseconds: number) => void): void
  /** It changed after it had ended. */
  onChange?(): void
}

/** The server looks at its records twice a second. */
export const SETTLED = 800

/** Follows a record while it goes; of one that has ended it hears when it is changed or removed. */
export function useFollow<Events extends Endings>(options: FollowOptions<Events>): Following {
  const { kind, id, request, isLive } = options
  const { refetch } = request
  const state = useMemo(() => signal<StreamState>('opening'), [])
  const removed = useMemo(() => signal(false), [])
  const problem = useMemo(() => signal<string | undefined>(undefined), [])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(options)
  latest.current = options
  const refetchSoon = useCallback(
    (milliseconds: number) => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        refetch()
      }, milliseconds)
    },
    [refetch],
  )
  const isHere = request.value !== undefined
  const isMissing = !isHere && request.error !== undefined
  useEffect(() => {
    if (!isHere && !isMissing) return
    const ofRecord = (events: readonly ServerEvent<Events>[]) => {
      for (const { type, data } of events as readonly ServerEvent<Endings>[]) {
        if (type === 'removed') removed.value = true
        if (type === 'problem') problem.value = data.detail
      }
      latest.current.onEvents(events, refetchSoon)
    }
    const openOwn = () =>
      listen(latest.current.stream, { onStart: () => latest.current.onStart?.(), onEvents: ofRecord })
    const openIndex = () =>
      listen(streams.recordIndex(), {
        onEvents(events) {
          for (const { type, data } of events) {
            // A server that was away, or a record that has just begun, is asked once more.
            if (type === 'contents' && isMissing) refetch()
            if (type === 'removed' && data.kind === kind && data.id === id) removed.value = true
            if (type !== kind || data.id !== id) continue
            latest.current.onChange?.()
            refetchSoon(SETTLED)
          }
        },
      })
    const stream = isLive ? openOwn() : openIndex()
    const forget = stream.state.subscribe((value) => {
      state.value = value
    })
    return () => {
      forget()
      stream.close()
    }
  }, [kind, id, isHere, isMissing, isLive, refetch, refetchSoon])
  useEffect(() => () => clearTimeout(timer.current), [])
  return { state, isRemoved: removed.value, problem: problem.value }
}
