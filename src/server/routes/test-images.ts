import { Hono } from 'hono'
import { z } from 'zod'
import { testImagesAnswer } from '../../catalog/answers.ts'
import { plainFiles } from '../../catalog/safe-read.ts'
import { readEvaluation, readManifest } from '../../runs/run.ts'
import { contract } from '../contract.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'
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
    const files = plainFiles(entry)
    const { manifest, checksum } = await readManifest(files).catch((error: Error) => {
      throw new Problem(422, error.message)
    })
    const { predicted } = await readEvaluation(files, checksum).catch((error: Error) => {
      throw new Problem(404, error.message, { hint: 'To evaluate it: atelier evaluate RUN' })
    })
    const { data } = manifest
    const { truth, predicted: said, most } = query
    const isCell = truth !== undefined && said !== undefined && predicted !== undefined
    if (query.index === undefined && !isCell) {
      throw new Problem(400, 'Name the images by index, or a cell by truth and predicted.')
    }
    const wanted = {
      predicted,
      indices: query.index === undefined ? undefined : numbersOf(query.index),
      cell: isCell ? { truth, said, most } : undefined,
    }
    const answer = await services.shelf.useOfHash(data, c.var.signal, (dataset) =>
      dataset.ask('testImages', [wanted]),
    )
    if (answer === undefined) {
      throw new Problem(404, `The data of this run, ${data.source}, are not here.`, {
        hint: 'Start the server with --data SOURCE.',
      })
    }
    return c.json(answer)
  },
)
