import { type ReadonlySignal, signal } from '@preact/signals'

/** A stream of the server: in its type what each of its events holds, by the event's name. */
export interface EventStream<Events> {
  readonly path: string
  /** The events that are listened to. */
  readonly types: readonly (keyof Events & string)[]
  /** Those after which no more will come. */
  readonly ends: readonly (keyof Events & string)[]
}

/** One event of a stream. */
export type ServerEvent<Events> = {
  [Type in keyof Events & string]: { readonly type: Type; readonly data: Events[Type] }
}[keyof Events & string]

/** `away`: the server does not answer, and is asked again. */
export type StreamState = 'opening' | 'open' | 'away' | 'ended'

interface Listeners<Events> {
  /** A stream that begins anew tells everything again: what was told before is void. */
  onStart?(): void
  /** What came since the last call, in its order: many at once where many came at once. */
  onEvents(events: readonly ServerEvent<Events>[]): void
}

/** A stream that is listened to. */
export interface Subscription {
  readonly state: ReadonlySignal<StreamState>
  close(): void
}

/** Events that come within so many milliseconds are told together. */
const TOGETHER = 50
/** After an answer that a browser takes for final, it is asked again after so many milliseconds. */
const RETRY = 3000

/**
 * Listens to server-sent events. A browser opens six connections to one server for all its tabs: a page that is not
 * looked at gives its own back, and begins anew when it is looked at again.
 */
export function listen<Events>(
  { path, types, ends }: EventStream<Events>,
  { onStart, onEvents }: Listeners<Events>,
): Subscription {
  const state = signal<StreamState>('opening')
  let source: EventSource | undefined
  let waiting: ServerEvent<Events>[] = []
  let flushing: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    flushing = undefined
    const events = waiting
    waiting = []
    if (events.length > 0) onEvents(events)
  }
  const stop = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
  }
  const take =
    (type: keyof Events & string) =>
    ({ data }: MessageEvent<string>) => {
      waiting.push({ type, data: JSON.parse(data) })
      flushing ??= setTimeout(flush, TOGETHER)
      if (!ends.includes(type)) return
      stop()
      state.value = 'ended'
    }
  const start = () => {
    if (source !== undefined || state.peek() === 'ended' || document.hidden) return
    clearTimeout(retry)
    waiting = []
    onStart?.()
    source = new EventSource(path)
    source.onopen = () => {
      state.value = 'open'
    }
    source.onerror = () => {
      const isFinal = source?.readyState === EventSource.CLOSED
      state.value = 'away'
      if (!isFinal) return // the browser comes back by itself
      stop()
      retry = setTimeout(start, RETRY)
    }
    for (const type of types) source.addEventListener(type, take(type))
  }
  const look = () => {
    if (document.hidden) stop()
    else start()
  }
  document.addEventListener('visibilitychange', look)
  start()
  return {
    state,
    close() {
      document.removeEventListener('visibilitychange', look)
      clearTimeout(flushing)
      stop()
    },
  }
}
