import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import { contract } from '../contract.ts'
import { type FileName, fileNames } from '../dataset/file-names.ts'
import type { DatasetThread } from '../dataset/shelf.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'
import { id, withDataset } from './shared.ts'

type File = Promise<Uint8Array | undefined>

const files = new WeakMap<DatasetThread, Map<FileName, File>>()

/** One of a set's files, made once: it is as large as the set, and however many ask for it at a time, it is in memory once. */
function fileOf(dataset: DatasetThread, name: FileName): File {
  const known = files.get(dataset) ?? new Map<FileName, File>()
  files.set(dataset, known)
  const file = known.get(name) ?? dataset.ask('file', [name])
  known.set(name, file)
  return file
}

export const dataFileRoutes = new Hono<Env>().get(
  '/api/data/:id/files/:name',
  etag(),
  contract({
    tag: 'data',
    summary: 'A dataset as the four IDX files of MNIST, to train on in a browser',
    params: z.object({ id, name: z.enum(fileNames) }),
    answer: { 'application/octet-stream': 'bytes' },
    problems: [404, 422],
  }),
  async (c) => {
    const { id, name } = c.req.valid('param')
    const { hash, bytes } = await withDataset(c.var, id, async (dataset) => ({
      hash: await dataset.ask('hash', []),
      bytes: await fileOf(dataset, name),
    }))
    if (bytes === undefined) throw new Problem(422, 'IDX files hold gray images; these have colors.')
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/octet-stream',
      'cache-control': 'no-cache',
      etag: `"${hash}-${name}"`,
    })
  },
)
