import type { Handlers, Thread } from './thread.ts'

/** Some threads of one kind, each of which does one thing at a time. */
export interface ThreadPool<H extends Handlers> {
  /** Works with a thread as soon as one is free, in the order of asking. */
  run<T>(work: (thread: Thread<H>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** A pool of at most so many threads. Each is started when it is first needed, and again when it has died. */
export function threadPool<H extends Handlers>(start: () => Thread<H>, most: number): ThreadPool<H> {
  const idle: Thread<H>[] = []
  const all = new Set<Thread<H>>()
  const waiting: ((thread: Thread<H>) => void)[] = []
  let busy = 0

  const take = (): Thread<H> => {
    const thread = idle.pop() ?? start()
    all.add(thread)
    return thread
  }
  const give = (thread: Thread<H>) => {
    if (!thread.isAlive) all.delete(thread)
    const next = waiting.shift()
    if (next !== undefined) return next(thread.isAlive ? thread : take())
    busy -= 1
    if (thread.isAlive) idle.push(thread)
  }

  return {
    async run(work) {
      const thread = await new Promise<Thread<H>>((resolve) => {
        if (busy < most) {
          busy += 1
          resolve(take())
        } else waiting.push(resolve)
      })
      try {
        return await work(thread)
      } finally {
        give(thread)
      }
    },
    async close() {
      await Promise.all(Array.from(all, (thread) => thread.close()))
    },
  }
}
