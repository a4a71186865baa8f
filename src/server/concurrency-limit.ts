import { Problem } from './problem.ts'

/** Lets so many work at once and so many wait in turn, and sends the rest away. */
export interface ConcurrencyLimit {
  /** Works when there is room. Throws 503 at once where the queue is full, or when `signal` says that it took too long. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
  readonly working: number
  readonly waiting: number
}

/** A limit of `most` at once, with a queue. */
export function concurrencyLimit(most: number, queue: number): ConcurrencyLimit {
  let working = 0
  const waiting = new Set<() => void>()

  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        waiting.delete(begin)
        signal.removeEventListener('abort', leave)
        working += 1
        resolve()
      }
      const leave = () => {
        waiting.delete(begin)
        reject(signal.reason)
      }
      if (working < most) return begin()
      waiting.add(begin)
      signal.addEventListener('abort', leave, { once: true })
    })

  return {
    get working() {
      return working
    },
    get waiting() {
      return waiting.size
    },
    async run(work, signal) {
      if (working >= most && waiting.size >= queue) throw tooBusy('Too many requests are waiting already.')
      await turn(signal)
      try {
        return await work()
      } finally {
        working -= 1
        const [next] = waiting
        next?.()
      }
    },
  }
}

/** Come again: the server has all the work that it takes. */
export const tooBusy = (detail: string) =>
  new Problem(503, detail, { hint: 'Try again in a moment.', headers: { 'retry-after': '1' } })
