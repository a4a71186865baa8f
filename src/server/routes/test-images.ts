import { Hono } from 'hono'
import { z } from 'zod'
import { testImagesAnswer } from '../../catalog/answers.ts'
import { plainFiles } from '../../catalog/safe-read.ts'
import { cellOf, imagesOf } from '../../evaluation/after-evaluation.ts'
import { readEvaluation, readManifest } from '../../runs/run.ts'
import { contract } from '../contract.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'
import { spriteOf } from '../sprite.ts'
import { classNumber, entryOf, indexList, numbersOf, paging, params } from './shared.ts'

export const testImageRoutes = new Hono<Env>().get(
  '/api/runs/:id/test/images',
  contract({
    tag: 'runs',
    summary: 'Test images of an evaluated run as a sprite: a cell of its confusion matrix, or given numbers',
    params,
    query: z.object({
      truth: classNumber.optional(),
      predicted: classNumber.optional(),
      most: paging.size,
      index: indexList.optional(),
    }),
    answer: { 'application/json': testImagesAnswer },
    problems: [404, 422],
  }),
  async (c) => {
    const { id } = c.req.valid('param')
    const query = c.req.valid('query')
    const { services } = c.var
    const entry = await entryOf(services, 'run', id)
    const { predicted } = await readEvaluation(plainFiles(entry)).catch((error: Error) => {
      throw new Problem(404, error.message, { hint: 'To evaluate it: atelier evaluate RUN' })
    })
    const { data } = (await readManifest(plainFiles(entry))).manifest
    const dataset = await services.shelf.withHash(data.hash, data.source)
    if (dataset === undefined) {
      throw new Problem(404, `The data of this run, ${data.source}, are not here.`, {
        hint: 'Start the server with --data SOURCE.',
      })
    }
    const { truth, predicted: said } = query
    const isCell = truth !== undefined && said !== undefined && predicted !== undefined
    if (query.index === undefined && !isCell) {
      throw new Problem(400, 'Name the images by index, or a cell by truth and predicted.')
    }
    const cell = isCell ? cellOf(dataset.test, predicted, truth, said) : []
    const wanted = query.index === undefined ? cell.slice(0, query.most) : numbersOf(query.index)
    const images = imagesOf(dataset.test, wanted)
    return c.json({
      ...(await spriteOf(images)),
      total: query.index === undefined ? cell.length : images.count,
      items: images.indices.map((index, k) => ({
        index,
        label: images.labels[k],
        predicted: predicted?.[index] ?? null,
      })),
    })
  },
)
