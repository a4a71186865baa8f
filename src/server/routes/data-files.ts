import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import type { Dataset } from '../../data/dataset.ts'
import { writeIdxImages, writeIdxLabels } from '../../data/idx.ts'
import { handOver } from '../../evaluation/after-evaluation.ts'
import { contract } from '../contract.ts'
import { once } from '../dataset-facts.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'
import { datasetOf, id } from './shared.ts'

/** The four files, as MNIST names them. */
const fileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const

/** Made once: it is as large as the set. */
const trainFileOf = once(({ train }) => writeIdxImages(train))

function fileOf(dataset: Dataset, name: (typeof fileNames)[number]): Uint8Array {
  if (dataset.train.channels !== 1) {
    throw new Problem(422, 'IDX files hold gray images; these have colors.')
  }
  switch (name) {
    case 'train-images-idx3-ubyte':
      return trainFileOf(dataset)
    case 'train-labels-idx1-ubyte':
      return writeIdxLabels(dataset.train.labels)
    case 't10k-images-idx3-ubyte':
      return handOver(dataset.test).images
    default:
      return handOver(dataset.test).labels
  }
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
    const dataset = await datasetOf(c.var.services, id)
    return c.body(fileOf(dataset, name) as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/octet-stream',
      'cache-control': 'no-cache',
      etag: `"${dataset.hash}-${name}"`,
    })
  },
)
