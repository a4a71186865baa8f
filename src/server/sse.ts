import { Problem } from './problem.ts'
import { reply } from './reply.ts'
import type { Services } from './services.ts'

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

const written = ({ type, data, id }: ServerEvent) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`

/**
 * Answers with a stream of events (HTML Living Standard, "Server-sent events") until they end, the listener goes or the
 * server closes; the last is told by an event `closing`, so that a page can say so. `make` is handed the signal for the end.
 */
export function eventStream(
  { limits, closing, log, streams }: Services,
  make: (ended: AbortSignal) => AsyncIterable<ServerEvent>,
): Response {
  if (streams.open >= limits.streams) {
    throw new Problem(503, `More than ${limits.streams} streams at once.`, {
      headers: { 'retry-after': '5' },
    })
  }
  const ended = new AbortController()
  const encoder = new TextEncoder()
  const end = () => ended.abort()
  let heartbeat: NodeJS.Timeout | undefined
  streams.open += 1
  const finish = () => {
    if (heartbeat === undefined) return
    clearInterval(heartbeat)
    heartbeat = undefined
    closing.removeEventListener('abort', end)
    streams.open -= 1
  }
  closing.addEventListener('abort', end, { once: true })
  if (closing.aborted) end()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      heartbeat = setInterval(() => send(': \n\n'), HEARTBEAT)
      send('retry: 2000\n\n')
      const pump = async () => {
        try {
          for await (const event of make(ended.signal)) {
            if (ended.signal.aborted) break
            send(written(event))
            // A listener that does not keep up is waited for.
            while ((controller.desiredSize ?? 0) < -256 && !ended.signal.aborted)
              await pause(50, ended.signal)
          }
          if (closing.aborted) send(written({ type: 'closing', data: {} }))
          controller.close()
        } catch (error) {
          if (!ended.signal.aborted) {
            log.warn('stream', { error: (error as Error).message })
            send(written({ type: 'problem', data: { detail: (error as Error).message } }))
            controller.close()
          }
        } finally {
          finish()
        }
      }
      void pump().catch(() => {}) // nobody listens any more
    },
    cancel() {
      end()
      finish()
    },
  })
  return reply(200, body, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
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
