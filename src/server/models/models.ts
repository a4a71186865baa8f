import { join } from 'node:path'
import type { ModelRow } from '../../catalog/model-row.ts'
import type { RecordIndex } from '../../catalog/record-index.ts'
import { stampOf, tagOf } from '../../catalog/safe-read.ts'
import { UnusableError } from '../../catalog/unusable.ts'
import { type Batcher, openBatcher } from '../../recognition/batcher.ts'
import { packagedModel } from '../../recognition/load.ts'
import { RUN_FILES } from '../../runs/run.ts'
import { tooBusy } from '../concurrency-limit.ts'
import { startThread, type Thread } from '../threads/thread.ts'
import type { ModelHandlers } from './model.thread.ts'

/** A network that is open in a thread of its own, with what puts requests together for it. */
export interface OpenModel extends Description {
  readonly batcher: Batcher
  /** Its weights file, made once: however many ask for it at a time, it is in memory once. */
  file(): Promise<Uint8Array>
  close(): Promise<void>
}
type Description = Awaited<ReturnType<ModelHandlers['describe']>>

async function open(path: string, onBatch: (images: number) => void): Promise<OpenModel> {
  const thread: Thread<ModelHandlers> = startThread('./model.thread', import.meta.url, path)
  let file: Promise<Uint8Array> | undefined
  try {
    const described = await thread.ask('describe', [])
    const predictAll = (pixels: Uint8Array<ArrayBuffer>) =>
      thread.ask('predictAll', [pixels], [pixels.buffer])
    return {
      ...described,
      batcher: openBatcher({ predictAll }, { onBatch }),
      file() {
        file ??= thread.ask('file', [])
        return file
      },
      close: () => thread.close(),
    }
  } catch (error) {
    void thread.close()
    throw error
  }
}

/** The networks of a server: the one that it was started with and those of finished runs. */
export interface Models {
  list(): Promise<ModelRow[]>
  /** Lends a network by its id while `use` works; undefined where there is none. It is closed when others were asked more lately. */
  use<T>(id: string, use: (model: OpenModel) => Promise<T>): Promise<T | undefined>
  close(): Promise<void>
}

export const DEFAULT_MODEL = 'default'
/** Networks of runs that are kept open, and those that may be so while all are asked at once: each has a thread. */
const KEPT = 4
const MOST_OPEN = 8

interface Lent {
  readonly model: Promise<OpenModel>
  readonly tag: string
  users: number
  isDropped: boolean
}

/** Opens the network to start with, so that what is wrong with it is told at once; without a wish the packaged one, if it is there. */
export async function openModels(
  path: string | undefined,
  recordIndex: RecordIndex,
  onBatch: (images: number) => void,
): Promise<Models> {
  const opened = (from: string) => open(from, onBatch)
  const hasPackaged = (await stampOf(packagedModel)) !== undefined
  const first = path ?? (hasPackaged ? packagedModel : undefined)
  const main = first === undefined ? undefined : await opened(first)
  const lent = new Map<string, Lent>()

  let threads = 0
  const close = ({ model }: Lent) =>
    void model
      .then((opened) => opened.close())
      .catch(() => {}) // it was never open
      .finally(() => {
        threads -= 1
      })
  const drop = (id: string, entry: Lent) => {
    lent.delete(id)
    entry.isDropped = true
    if (entry.users === 0) close(entry)
  }
  const lend = (directory: string, tag: string): Lent => {
    if (threads >= MOST_OPEN) throw tooBusy('Too many networks are asked at once.')
    threads += 1
    return { model: opened(directory), tag, users: 0, isDropped: false }
  }

  const borrow = async (id: string): Promise<Lent | undefined> => {
    const record = await recordIndex.find('run', id)
    const stamp = record && (await stampOf(join(record.directory, RUN_FILES.weights)))
    if (record === undefined || stamp === undefined) return undefined
    const tag = tagOf(stamp)
    const known = lent.get(id)
    if (known !== undefined && known.tag !== tag) drop(id, known)
    const entry = lent.get(id) ?? lend(record.directory, tag)
    entry.users += 1
    lent.delete(id)
    lent.set(id, entry) // the one asked for last stands last
    entry.model.catch(() => {}) // told to whoever borrows it; it stays so until its file is another one
    const [oldest] = lent
    if (lent.size > KEPT) drop(...oldest)
    return entry
  }

  return {
    async list() {
      const { runs } = await recordIndex.contents()
      const rows = runs
        .filter(({ status }) => status === 'finished')
        .map((run) => ({
          id: run.id,
          name: run.name,
          classNames: null,
          imageShape: run.data && [run.data.height, run.data.width, run.data.channels],
          source: run.data?.source ?? null,
          temperature: null,
          threshold: null,
        }))
      if (main === undefined) return rows
      const { name, classNames, imageShape, source, temperature, threshold } = main
      const shown = { classNames: [...classNames], imageShape: [...imageShape], temperature, threshold }
      return [{ id: DEFAULT_MODEL, name, source: source ?? null, ...shown }, ...rows]
    },
    async use(id, use) {
      if (id === DEFAULT_MODEL) return main && use(main)
      const entry = await borrow(id)
      if (entry === undefined) return undefined
      try {
        return await use(
          await entry.model.catch((cause) => {
            throw new UnusableError('The weights of this network', cause)
          }),
        )
      } finally {
        entry.users -= 1
        if (entry.isDropped && entry.users === 0) close(entry)
      }
    },
    async close() {
      const models = [main, ...Array.from(lent.values(), ({ model }) => model.catch(() => undefined))]
      await Promise.all(models.map(async (model) => (await model)?.close()))
    },
  }
}
