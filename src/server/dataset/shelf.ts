import { basename } from 'node:path'
import type { DatasetRow } from '../../catalog/answers.ts'
import { UnusableError } from '../../catalog/unusable.ts'
import { findKnownSets } from '../../data/known-sets.ts'
import { parseSource } from '../../data/source.ts'
import { processSurroundings } from '../../data/surroundings.ts'
import { startThread, type Thread } from '../threads/thread.ts'
import type { DatasetHandlers } from './dataset.thread.ts'

/** A dataset in a thread of its own: it is read or drawn there, and stays there. */
export type DatasetThread = Thread<DatasetHandlers>

/** The datasets of a server: those that it was started with and those that this machine has. Nothing is ever downloaded. */
export interface Shelf {
  list(): Promise<DatasetRow[]>
  /** Lends a set by its id while `work` works; undefined where there is none. Throws an UnusableError where it cannot be read. */
  use<T>(
    id: string,
    signal: AbortSignal,
    work: (dataset: DatasetThread) => Promise<T>,
  ): Promise<T | undefined>
  /** The same for the set of a content, among those listed and `source`, if that is drawn and not read. */
  useOfHash<T>(
    content: { readonly hash: string; readonly source: string },
    signal: AbortSignal,
    work: (dataset: DatasetThread) => Promise<T>,
  ): Promise<T | undefined>
  close(): Promise<void>
}

/** Sets that are kept in memory: Fashion-MNIST has 55 MB. */
const KEPT = 2
/** Images that are drawn because a record names them: as many as MNIST has. */
const MOST_DRAWN = 70_000

/** Whether a record's source is drawn from a seed, from nothing outside the program, and soon. */
function isDrawn(text: string): boolean {
  if (!/^silhouettes(:|$)/.test(text)) return false
  try {
    const source = parseSource(text)
    return source.type === 'silhouettes' && (source.train ?? 0) + (source.test ?? 0) <= MOST_DRAWN
  } catch {
    return false
  }
}

/** `folder:/home/me/parts` → `folder-parts`. */
function idOf(source: string): string {
  const [kind, ...rest] = source.split(':')
  const name = basename(rest.join(':').replace(/@\d+x\d+$/, '')).replace(/[^\w.-]+/g, '-')
  return name === '' ? kind : `${kind}-${name}`
}

interface Lent {
  readonly thread: DatasetThread
  /** The hash of its content, once it is there. */
  readonly hash: Promise<string>
  users: number
}

/** A shelf with the given sources beside what is found. */
export function openShelf(
  sources: readonly string[],
  start: (source: string) => DatasetThread = (source) =>
    startThread<DatasetHandlers>('./dataset.thread', import.meta.url, source),
): Shelf {
  const surroundings = processSurroundings()
  const lent = new Map<string, Lent>()
  const waiting = new Set<() => void>()

  const drop = (source: string, { thread }: Lent) => {
    lent.delete(source)
    return thread.close()
  }

  /** Waits until a set is given back. */
  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      waiting.add(() => {
        signal.removeEventListener('abort', leave)
        resolve()
      })
    })

  /** One that is here, or room for another where nobody uses one of those that are. */
  const borrow = async (source: string, signal: AbortSignal): Promise<Lent> => {
    for (;;) {
      signal.throwIfAborted()
      const known = lent.get(source)
      if (known !== undefined) {
        lent.delete(source)
        lent.set(source, known) // the one asked for last stands last
        known.users += 1
        return known
      }
      const idle = [...lent].find(([, { users }]) => users === 0)
      if (lent.size >= KEPT && idle !== undefined) void drop(...idle)
      if (lent.size < KEPT) {
        const thread = start(source)
        const hash = thread.ask('hash', [])
        lent.set(source, { thread, hash, users: 0 })
        hash.catch(() => {}) // told to whoever borrows it
      } else await turn(signal)
    }
  }

  const use = async <T>(source: string, signal: AbortSignal, work: (entry: Lent) => Promise<T>) => {
    const entry = await borrow(source, signal)
    try {
      await entry.hash.catch((cause) => {
        throw new UnusableError('This dataset', cause)
      })
      return await work(entry)
    } finally {
      entry.users -= 1
      const isBroken = await entry.hash.then(() => !entry.thread.isAlive).catch(() => true)
      if (isBroken && lent.get(source) === entry) void drop(source, entry)
      const woken = [...waiting]
      waiting.clear()
      for (const wake of woken) wake()
    }
  }

  const list = async (): Promise<DatasetRow[]> => {
    const known = await findKnownSets(surroundings).catch(() => [])
    const here = known.filter(({ where }) => where !== undefined).map(({ name }) => name)
    const all = [...new Set([...sources, ...here, 'silhouettes'])]
    const taken = new Map<string, number>()
    return all.map((source) => {
      const id = idOf(source)
      const before = taken.get(id) ?? 0
      taken.set(id, before + 1)
      return { id: before === 0 ? id : `${id}-${before + 1}`, source, isLoaded: lent.has(source) }
    })
  }

  return {
    list,
    async use(id, signal, work) {
      const found = (await list()).find((entry) => entry.id === id)
      return found && use(found.source, signal, ({ thread }) => work(thread))
    },
    async useOfHash({ hash, source }, signal, work) {
      const listed = (await list()).map((entry) => entry.source)
      const likely = listed.filter((each) => each === source || idOf(each) === idOf(source))
      const candidates = [...new Set([...(isDrawn(source) ? [source] : []), ...likely, ...sources])]
      for (const each of candidates) {
        const found = await use(each, signal, async (entry) =>
          (await entry.hash) === hash ? { value: await work(entry.thread) } : undefined,
        ).catch((error) => {
          if (!(error instanceof UnusableError)) throw error
        })
        if (found) return found.value
      }
      return undefined
    },
    async close() {
      await Promise.all(Array.from(lent, ([source, entry]) => drop(source, entry)))
    },
  }
}
