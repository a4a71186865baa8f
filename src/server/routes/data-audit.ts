import { Hono } from 'hono'
import { z } from 'zod'
import { duplicatesAnswer, type NearRecord, suspectsAnswer } from '../../catalog/answers.ts'
import { worthShowing } from '../../data/audit/show.ts'
import { contract } from '../contract.ts'
import type { DatasetThread } from '../dataset/shelf.ts'
import { Problem } from '../problem.ts'
import type { Env, Services } from '../services.ts'
import { paging, params, withDataset } from './shared.ts'

/** Most near-duplicates that are shown. */
const MOST_PAIRS = 60

async function nearOf({ recordIndex }: Services, dataset: DatasetThread): Promise<NearRecord | null> {
  const found = await recordIndex.auditOf(await dataset.ask('hash', []))
  if (found === undefined) return null
  const { path, threshold, counts } = found
  const pairs = worthShowing(found.pairs, MOST_PAIRS)
  const images = await dataset.ask('picturesOf', [pairs.flatMap(({ a, b }) => [a, b])])
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
      const answer = await withDataset(c.var, id, async (dataset) => ({
        ...(await dataset.ask('duplicates', [])),
        near: await nearOf(c.var.services, dataset),
      }))
      return c.json(answer)
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
      const answer = await withDataset(c.var, id, async (dataset) => {
        const found = await c.var.services.recordIndex.auditOf(await dataset.ask('hash', []))
        if (found === undefined) {
          throw new Problem(404, 'No audit of these images is recorded here.', {
            hint: 'To make one: atelier data SOURCE --audit --out DIR',
          })
        }
        const { path, labels, suspects } = found
        const shown = suspects.slice(query.page * query.size, (query.page + 1) * query.size)
        const images = await dataset.ask('picturesOf', [shown])
        return { ...labels, path, total: suspects.length, suspects: shown, images }
      })
      return c.json(answer)
    },
  )
