import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import { curvesAnswer, runAnswer, runsAnswer } from '../../catalog/answers.ts'
import { plainFiles } from '../../catalog/safe-read.ts'
import { readStudy, studyRowSchema } from '../../catalog/study-row.ts'
import { testRecord } from '../../record/evaluation.ts'
import { readEvaluation, readEvents, readManifest } from '../../runs/run.ts'
import { studyRecord } from '../../study/record.ts'
import { contract } from '../contract.ts'
import { eventStream } from '../event-stream.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'
import { endOf, tailRun } from '../tail-run.ts'
import { entryOf, id, params } from './shared.ts'

/** Versions count from one in every process: a tag of yesterday's server must not match today's. */
const PROCESS = randomUUID().slice(0, 8)

export const runRoutes = new Hono<Env>()
  .get(
    '/api/runs',
    etag(),
    contract({
      tag: 'runs',
      summary: 'Every run, those within searches and studies too; unreadable ones with what is wrong',
      query: z.object({
        /** Only those within this search or study. */
        within: id.optional(),
        /** `true`: only those that lie in no search. */
        top: z.enum(['true', 'false']).optional(),
      }),
      answer: { 'application/json': runsAnswer },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const { recordIndex } = c.var.services
      const { version, runs } = await recordIndex.contents()
      const wanted = runs.filter(
        ({ within }) =>
          (query.within === undefined || within?.id === query.within) &&
          (query.top !== 'true' || within?.kind !== 'search'),
      )
      return c.json({ version, runs: wanted }, 200, { etag: `"${PROCESS}-${version}"` })
    },
  )
  .get(
    '/api/curves',
    contract({
      tag: 'runs',
      summary: 'The epochs of many runs, a column a figure',
      query: z.object({
        /** Ids with commas between; all runs where it is left out. */
        runs: z.string().optional(),
      }),
      answer: { 'application/json': curvesAnswer },
    }),
    async (c) => {
      const { runs } = c.req.valid('query')
      const wanted = runs?.split(',').filter((text) => text !== '')
      return c.json({ curves: await c.var.services.recordIndex.curves(wanted) })
    },
  )
  .get(
    '/api/runs/:id',
    contract({
      tag: 'runs',
      summary: 'One run: what repeats it, and its events',
      params,
      answer: {
        'application/json': runAnswer,
      },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const entry = await entryOf(services, 'run', id)
      const row = (await services.recordIndex.contents()).runs.find((each) => each.id === id)
      const files = plainFiles(entry)
      const record = await readManifest(files).catch(() => null)
      const { events } = await readEvents(files, record?.checksum).catch(() => ({ events: [] }))
      if (row === undefined) throw new Problem(404, 'The run was removed.')
      return c.json({ row, manifest: record?.manifest ?? null, events })
    },
  )
  .get(
    '/api/runs/:id/test',
    contract({
      tag: 'runs',
      summary:
        'Its evaluation on the test images, where there is one; `predicted` has a class for each image',
      params,
      answer: { 'application/json': testRecord },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const entry = await entryOf(services, 'run', id)
      const files = plainFiles(entry)
      try {
        const { checksum } = await readManifest(files)
        return c.json(await readEvaluation(files, checksum))
      } catch (error) {
        throw new Problem(404, (error as Error).message, { hint: `To evaluate it: atelier evaluate RUN` })
      }
    },
  )
  .get(
    '/api/runs/:id/events',
    contract({
      tag: 'runs',
      summary:
        'Its events as they come, as server-sent events named by their type; resumes after Last-Event-ID',
      params,
      answer: { 'text/event-stream': 'text' },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const entry = await entryOf(services, 'run', id)
      const last = c.req.header('last-event-id')
      // 204 tells a browser that comes back by itself to stay away: there is no more.
      if (last !== undefined && last === (await endOf(entry))) return c.body(null, 204)
      return eventStream(c, (ended) => tailRun(entry, last, ended))
    },
  )
  .get(
    '/api/studies',
    contract({
      tag: 'runs',
      summary: 'Every study; its runs and searches name it as what they lie within',
      answer: { 'application/json': z.object({ studies: z.array(studyRowSchema) }) },
    }),
    async (c) => c.json({ studies: (await c.var.services.recordIndex.contents()).studies }),
  )
  .get(
    '/api/studies/:id',
    contract({
      tag: 'runs',
      summary:
        'The record of a finished study: data, networks, searches and experiments, as its report shows them',
      params,
      answer: { 'application/json': studyRecord },
      problems: [404, 422],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const entry = await entryOf(services, 'study', id)
      const { studies } = await services.recordIndex.contents()
      if (studies.find((each) => each.id === id)?.status !== 'finished')
        throw new Problem(404, 'This study has no record yet.')
      return c.json(
        await readStudy(entry).catch((error: Error) => {
          throw new Problem(422, error.message)
        }),
      )
    },
  )
