import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { Problem } from './problem.ts'
import type { Env } from './services.ts'

/** One server-sent event. */
export interface ServerEvent {
  readonly type: string
  /** Sent as JSON. */
  readonly data: unknown
  /** What a client that comes back says it has seen. */
  readonly id?: string
}

/** A silent line so often keeps proxies from taking the stream for dead. */
const HEARTBEAT = 15_000

/**
 * Answers with a stream of events until they end, the listener goes or the server closes; the last is told by an event
 * `closing`, so that a page can say so. `make` is handed the signal for the end.
 */
export function eventStream(
  c: Context<Env>,
  make: (ended: AbortSignal) => AsyncIterable<ServerEvent>,
): Response {
  const { limits, closing, log, streams } = c.var.services
  if (streams.size >= limits.streams) {
    throw new Problem(503, `More than ${limits.streams} streams at once.`, {
      headers: { 'retry-after': '5' },
    })
  }
  // Nobody would read a stream that was asked for its head alone, or leave it.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async (stream) => {
    const ended = new AbortController()
    const end = () => ended.abort()
    const send = ({ type, data, id }: ServerEvent) =>
      stream.writeSSE({ event: type, data: JSON.stringify(data), ...(id === undefined ? {} : { id }) })
    streams.add(stream)
    stream.onAbort(() => {
      streams.delete(stream)
      end()
    })
    closing.addEventListener('abort', end, { once: true })
    if (closing.aborted) end()
    const heartbeat = setInterval(() => void stream.write(': \n\n'), HEARTBEAT)
    try {
      await stream.write('retry: 2000\n\n')
      for await (const event of make(ended.signal)) {
        if (ended.signal.aborted) break
        await send(event)
      }
      if (closing.aborted) await send({ type: 'closing', data: {} })
    } catch (error) {
      const { message } = error as Error
      if (!ended.signal.aborted) log.warn('stream', { error: message })
      await send({ type: 'problem', data: { detail: message } })
    } finally {
      clearInterval(heartbeat)
      closing.removeEventListener('abort', end)
      streams.delete(stream)
    }
  })
}

/** Waits so many milliseconds, or until the signal is given. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
  })
}
