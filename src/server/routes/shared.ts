import { z } from 'zod'
import type { RecordKind } from '../../catalog/scan.ts'
import type { DatasetThread } from '../dataset/shelf.ts'
import { Problem } from '../problem.ts'
import type { Env, Services } from '../services.ts'

/** Most images of one answer. */
const MOST = 500

/** The id of a record or a dataset. */
export const id = z.string().min(1).max(1000)
export const params = z.object({ id })
export const count = z.number().int().nonnegative()
/** Which page of a list, from 0, and how many entries it has. */
export const paging = {
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
  size: z.coerce.number().int().min(1).max(MOST).default(100),
}
export const classNumber = z.coerce.number().int().min(0).max(255)
/** Numbers of images, with commas between. */
export const indexList = z.string().regex(/^\d+(,\d+)*$/, 'numbers with commas between')

/** Reads an `indexList`. */
export const numbersOf = (text: string) => text.split(',').slice(0, MOST).map(Number)

/** Works with the dataset of an id, or throws 404. */
export async function withDataset<T>(
  { services: { shelf }, signal }: Pick<Env['Variables'], 'services' | 'signal'>,
  id: string,
  work: (dataset: DatasetThread) => Promise<T>,
): Promise<T> {
  const found = await shelf.use(id, signal, async (dataset) => ({ value: await work(dataset) }))
  if (found !== undefined) return found.value
  throw new Problem(404, `There is no dataset ${JSON.stringify(id.slice(0, 200))} here.`, {
    hint: 'Start the server with --data SOURCE.',
  })
}

/** The entry of a record, or 404. */
export async function entryOf({ recordIndex }: Services, kind: RecordKind, id: string) {
  const entry = await recordIndex.find(kind, id)
  if (entry !== undefined) return entry
  throw new Problem(404, `There is no ${kind} ${JSON.stringify(id.slice(0, 200))} here.`, {
    hint: 'It may have been removed.',
  })
}
