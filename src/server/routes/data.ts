import { Hono } from 'hono'
import { z } from 'zod'
import { datasetAnswer, datasetsAnswer, imagesAnswer } from '../../catalog/answers.ts'
import { contract } from '../contract.ts'
import type { Env } from '../services.ts'
import { classNumber, indexList, numbersOf, paging, params, withDataset } from './shared.ts'

export const dataRoutes = new Hono<Env>()
  .get(
    '/api/data',
    contract({
      tag: 'data',
      summary: 'The datasets that this server can show: those it was started with and those on this machine',
      answer: { 'application/json': datasetsAnswer },
    }),
    async (c) => c.json({ datasets: await c.var.services.shelf.list() }),
  )
  .get(
    '/api/data/:id',
    contract({
      tag: 'data',
      summary: 'One dataset: classes, range, balance, distribution of pixels, the mean image of each class',
      params,
      answer: { 'application/json': datasetAnswer },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json({ id, ...(await withDataset(c.var, id, (dataset) => dataset.ask('describe', []))) })
    },
  )
  .get(
    '/api/data/:id/images',
    contract({
      tag: 'data',
      summary: 'Training images as a sprite: a page of all or of a class, or those of given numbers',
      params,
      query: z.object({
        class: classNumber.optional(),
        ...paging,
        index: indexList.optional(),
      }),
      answer: { 'application/json': imagesAnswer },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { index, ...page } = c.req.valid('query')
      const query = { ...page, indices: index === undefined ? undefined : numbersOf(index) }
      return c.json(await withDataset(c.var, id, (dataset) => dataset.ask('images', [query])))
    },
  )
