import { join } from 'node:path'
import { z } from 'zod'
import { type Batcher, openBatcher } from '../recognition/batcher.ts'
import { loadClassifier, packagedModel } from '../recognition/load.ts'
import type { Predictor } from '../recognition/predictor.ts'
import { RUN_FILES } from '../runs/run.ts'
import type { RecordIndex } from './record-index.ts'
import { stampOf, tagOf } from './safe-read.ts'
import { UnusableError } from './unusable.ts'

const count = z.number().int().nonnegative()

/** A network that can be asked. */
export const modelRow = z.object({
  /** `default`, or the id of its run. */
  id: z.string(),
  name: z.string(),
  /** Known of those that are open. */
  classNames: z.array(z.string()).nullable(),
  /** [height, width, channels]. */
  imageShape: z.array(count).nullable(),
  /** The data it was trained on. */
  source: z.string().nullable(),
  temperature: z.number().nullable(),
  /** The probability below which it says that it is not sure. */
  threshold: z.number().nullable(),
})
export type ModelRow = z.infer<typeof modelRow>

/** A network that is open, with what puts requests together for it. */
export interface OpenModel {
  readonly predictor: Predictor
  readonly batcher: Batcher
}

/** The networks of a server: the one that it was started with and those of finished runs. */
export interface Models {
  list(): Promise<ModelRow[]>
  /** Lends a network by its id while `use` works; undefined where there is none. It is closed when others were asked more lately. */
  use<T>(id: string, use: (model: OpenModel) => Promise<T>): Promise<T | undefined>
  close(): void
}

export const DEFAULT_MODEL = 'default'
/** Networks of runs that are kept open. */
const KEPT = 4

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
  const opened = async (from: string): Promise<OpenModel> => {
    const predictor = await loadClassifier(from)
    return { predictor, batcher: openBatcher(predictor, { onBatch }) }
  }
  const hasPackaged = (await stampOf(packagedModel)) !== undefined
  const first = path ?? (hasPackaged ? packagedModel : undefined)
  const main = first === undefined ? undefined : await opened(first)
  const lent = new Map<string, Lent>()

  const drop = (id: string, entry: Lent) => {
    lent.delete(id)
    entry.isDropped = true
    if (entry.users === 0) void entry.model.then(({ predictor }) => predictor.close()).catch(() => {})
  }

  const borrow = async (id: string): Promise<Lent | undefined> => {
    const record = await recordIndex.find('run', id)
    const stamp = record && (await stampOf(join(record.directory, RUN_FILES.weights)))
    if (record === undefined || stamp === undefined) return undefined
    const tag = tagOf(stamp)
    const known = lent.get(id)
    if (known !== undefined && known.tag !== tag) drop(id, known)
    const entry = lent.get(id) ?? { model: opened(record.directory), tag, users: 0, isDropped: false }
    lent.delete(id)
    lent.set(id, entry) // the one asked for last stands last
    entry.model.catch(() => lent.delete(id))
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
      const { model } = main.predictor
      return [
        {
          id: DEFAULT_MODEL,
          name: model.metadata.name ?? DEFAULT_MODEL,
          classNames: [...model.classNames],
          imageShape: [...model.imageShape],
          source: model.source ?? null,
          temperature: model.temperature,
          threshold: model.threshold,
        },
        ...rows,
      ]
    },
    async use(id, use) {
      if (id === DEFAULT_MODEL) return main && use(main)
      const entry = await borrow(id)
      if (entry === undefined) return undefined
      entry.users += 1
      try {
        return await use(
          await entry.model.catch((cause) => {
            throw new UnusableError('The weights of this network', cause)
          }),
        )
      } finally {
        entry.users -= 1
        if (entry.isDropped && entry.users === 0)
          void entry.model.then(({ predictor }) => predictor.close()).catch(() => {})
      }
    },
    close() {
      main?.predictor.close()
      for (const [id, entry] of lent) drop(id, entry)
    },
  }
}
