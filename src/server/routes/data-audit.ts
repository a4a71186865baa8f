import { Hono } from 'hono'
import { z } from 'zod'
import { duplicatesAnswer, type NearRecord, suspectsAnswer } from '../../catalog/answers.ts'
import { picturesAt, picturesOf, worthShowing } from '../../data/audit/show.ts'
import type { Dataset } from '../../data/dataset.ts'
import { contract } from '../contract.ts'
import { duplicatesOf } from '../dataset-facts.ts'
import { Problem } from '../problem.ts'
import type { Env, Services } from '../services.ts'
import { spriteOf } from '../sprite.ts'
import { datasetOf, paging, params } from './shared.ts'

/** Most near-duplicates that are shown. */
const MOST_PAIRS = 60

async function nearOf({ recordIndex }: Services, dataset: Dataset): Promise<NearRecord | null> {
  const found = await recordIndex.auditOf(dataset.hash)
  if (found === undefined) return null
  const { path, threshold, counts } = found
  const pairs = worthShowing(found.pairs, MOST_PAIRS)
  const { height, width, channels } = dataset.train
  const pixels = picturesOf(dataset, pairs)
  const images = await spriteOf({ count: 2 * pairs.length, height, width, channels, pixels })
  return { path, threshold, counts, pairs, images }
}

export const dataAuditRoutes = new Hono<Env>()
  .get(
    '/api/data/:id/duplicates',
    contract({
      tag: 'data',
      summary:
        'Training images that are the same in every byte, in groups; and near-duplicates, where an audit of the set is recorded',
      params,
      answer: { 'application/json': duplicatesAnswer },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const dataset = await datasetOf(services, id)
      const { groups, ...rest } = duplicatesOf(dataset)
      const { labels } = dataset.train
      return c.json({
        groups: groups.map((group) => group.map((index) => ({ index, label: labels[index] }))),
        ...rest,
        near: await nearOf(services, dataset),
      })
    },
  )
  .get(
    '/api/data/:id/suspects',
    contract({
      tag: 'data',
      summary:
        'Labels that are probably wrong, likeliest first, where an audit of the set is recorded: a page of them',
      params,
      query: z.object(paging),
      answer: { 'application/json': suspectsAnswer },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const query = c.req.valid('query')
      const { services } = c.var
      const dataset = await datasetOf(services, id)
      const found = await services.recordIndex.auditOf(dataset.hash)
      if (found === undefined) {
        throw new Problem(404, 'No audit of these images is recorded here.', {
          hint: 'To make one: atelier data SOURCE --audit --out DIR',
        })
      }
      const { path, labels, suspects } = found
      const { height, width, channels } = dataset.train
      const shown = suspects.slice(query.page * query.size, (query.page + 1) * query.size)
      const pixels = picturesAt(dataset, shown)
      const images = await spriteOf({ count: shown.length, height, width, channels, pixels })
      return c.json({ ...labels, path, total: suspects.length, suspects: shown, images })
    },
  )
