import { basename } from 'node:path'
import type { Dataset } from '../data/dataset.ts'
import { findKnownSets } from '../data/known-sets.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { processSurroundings } from '../data/surroundings.ts'
import type { DatasetRow } from './answers.ts'

/** The datasets of a server: those that it was started with and those that this machine has. Nothing is ever downloaded. */
export interface Shelf {
  list(): Promise<DatasetRow[]>
  /** A set by its id; undefined where there is none. */
  open(id: string): Promise<Dataset | undefined>
  /** The set of a content, among those listed and `source`, if that is drawn and not read; undefined where none has it. */
  withHash(hash: string, source: string): Promise<Dataset | undefined>
}

/** Sets that are kept in memory: Fashion-MNIST has 55 MB. */
const KEPT = 2

/** What a source that is drawn from a seed may be drawn from: nothing outside the program. */
const isDrawn = (source: string) => /^silhouettes(:|$)/.test(source)

/** `folder:/home/me/parts` → `folder-parts`. */
function idOf(source: string): string {
  const [kind, ...rest] = source.split(':')
  const name = basename(rest.join(':').replace(/@\d+x\d+$/, '')).replace(/[^\w.-]+/g, '-')
  return name === '' ? kind : `${kind}-${name}`
}

/** A shelf with the given sources beside what is found. */
export function openShelf(sources: readonly string[]): Shelf {
  const refused = () => Promise.reject(new Error('A server downloads nothing.'))
  const surroundings = { ...processSurroundings(), fetch: refused as typeof fetch }
  const loaded = new Map<string, Promise<Dataset>>()

  const load = (source: string): Promise<Dataset> => {
    const known = loaded.get(source)
    loaded.delete(source)
    const found = known ?? loadDataset(parseSource(source), { surroundings })
    loaded.set(source, found) // the one asked for last stands last
    found.catch(() => loaded.delete(source))
    if (loaded.size > KEPT) loaded.delete(loaded.keys().next().value as string)
    return found
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
      return { id: before === 0 ? id : `${id}-${before + 1}`, source, isLoaded: loaded.has(source) }
    })
  }

  return {
    list,
    async open(id) {
      const found = (await list()).find((entry) => entry.id === id)
      return found && load(found.source)
    },
    async withHash(hash, source) {
      const listed = (await list()).map((entry) => entry.source)
      const likely = listed.filter((each) => each === source || idOf(each) === idOf(source))
      const candidates = [...new Set([...(isDrawn(source) ? [source] : []), ...likely, ...sources])]
      for (const each of candidates) {
        const dataset = await load(each).catch(() => undefined)
        if (dataset?.hash === hash) return dataset
      }
      return undefined
    },
  }
}
