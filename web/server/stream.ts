import { type ReadonlySignal, signal } from '@preact/signals'

/** How a stream of events stands. */
export type StreamState = 'opening' | 'open' | 'away' | 'ended'

/** What one listens for. */
export interface StreamWishes {
  /** The types of event that are told. */
  readonly types: readonly string[]
  /** A stream that begins anew tells everything again: what was told before is void. */
  begun?(): void
  /** What came since the last time, in its order: many at once where many came at once. */
  told(events: readonly Told[]): void
}

/** An event with what it says. */
export interface Told {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: its form is the route's promise
  readonly data: any
}

/** A stream that is listened to. */
export interface Stream {
  readonly state: ReadonlySignal<StreamState>
  close(): void
}

/** Events that come within so many milliseconds are told together. */
const TOGETHER = 50
/** After an answer that a browser takes for final, it is asked again after so many milliseconds. */
const AGAIN = 3000
/** These end a stream of their own accord. */
const ends = ['finished', 'failed', 'removed', 'problem']

/**
 * Listens to server-sent events. A browser opens six connections to one server for all its tabs: a page that is not
 * looked at gives its own back, and begins anew when it is looked at again.
 */
export function listen(path: string, { types, begun, told }: StreamWishes): Stream {
  const state = signal<StreamState>('opening')
  let source: EventSource | undefined
  let waiting: Told[] = []
  let flushing: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    flushing = undefined
    const events = waiting
    waiting = []
    if (events.length > 0) told(events)
  }
  const stop = () => {
    source?.close()
    source = undefined
    clearTimeout(retry)
  }
  const take = (type: string) => (event: MessageEvent<string>) => {
    waiting.push({ type, data: JSON.parse(event.data) })
    flushing ??= setTimeout(flush, TOGETHER)
    if (ends.includes(type) && path !== '/api/events') {
      stop()
      state.value = 'ended'
    }
  }
  const start = () => {
    if (source !== undefined || state.peek() === 'ended' || document.hidden) return
    clearTimeout(retry)
    waiting = []
    begun?.()
    source = new EventSource(path)
    source.onopen = () => {
      state.value = 'open'
    }
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) {
        state.value = 'away' // the browser comes back by itself
        return
      }
      stop()
      state.value = 'away'
      retry = setTimeout(start, AGAIN)
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
