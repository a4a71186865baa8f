import { Hono } from 'hono'
import { z } from 'zod'
import { datasetAnswer, datasetsAnswer, imagesAnswer } from '../../catalog/answers.ts'
import type { Dataset } from '../../data/dataset.ts'
import { judgeBalance, valueRange } from '../../data/explore.ts'
import { type Images, pixelsAt } from '../../data/images.ts'
import { contract } from '../contract.ts'
import { histogramOf, meansOf, positionsOf } from '../dataset-facts.ts'
import type { Env } from '../services.ts'
import { spriteOf } from '../sprite.ts'
import { classNumber, datasetOf, indexList, numbersOf, paging, params } from './shared.ts'

function taken({ train }: Dataset, indices: readonly number[]): Images {
  const { height, width, channels } = train
  return { count: indices.length, height, width, channels, pixels: pixelsAt(train, indices) }
}

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
      const { services } = c.var
      const dataset = await datasetOf(services, id)
      const { source, title, hash, classNames, train, test } = dataset
      const positions = positionsOf(dataset)
      const perClass = positions.map(({ length }) => length)
      return c.json({
        id,
        source,
        title,
        hash,
        height: train.height,
        width: train.width,
        channels: train.channels,
        counts: { train: train.count, test: test.count },
        classes: classNames.map((name, label) => ({
          label,
          name,
          train: perClass[label],
          test: test.classCounts[label],
        })),
        balance: judgeBalance(perClass),
        range: valueRange(train),
        histogram: histogramOf(dataset),
        meanImages: await meansOf(dataset),
      })
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
      const query = c.req.valid('query')
      const { services } = c.var
      const dataset = await datasetOf(services, id)
      const { train } = dataset
      const from = query.page * query.size
      const wanted =
        query.index === undefined
          ? query.class === undefined
            ? Array.from(
                { length: Math.max(0, Math.min(query.size, train.count - from)) },
                (_, i) => from + i,
              )
            : (positionsOf(dataset)[query.class] ?? []).slice(from, from + query.size)
          : numbersOf(query.index).filter((i) => i < train.count)
      const total =
        query.index !== undefined
          ? wanted.length
          : query.class === undefined
            ? train.count
            : (positionsOf(dataset)[query.class]?.length ?? 0)
      return c.json({
        ...(await spriteOf(taken(dataset, wanted))),
        total,
        items: wanted.map((index) => ({ index, label: train.labels[index] })),
      })
    },
  )
