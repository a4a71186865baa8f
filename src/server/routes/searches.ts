import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { z } from 'zod'
import { searchAnswer, searchesAnswer } from '../../catalog/answers.ts'
import { plainFiles } from '../../catalog/safe-read.ts'
import { isHeld } from '../../record/lock.ts'
import { SEARCH_FILES } from '../../search/files.ts'
import { readSearchRecord } from '../../search/read-record.ts'
import { contract } from '../contract.ts'
import { eventStream } from '../event-stream.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'
import { tailRecordIndex } from '../tail-record-index.ts'
import { tailSearch } from '../tail-search.ts'
import { entryOf, params } from './shared.ts'

export const searchRoutes = new Hono<Env>()
  .get(
    '/api/searches',
    contract({
      tag: 'searches',
      summary: 'Every search; unreadable ones with what is wrong',
      answer: { 'application/json': searchesAnswer },
    }),
    async (c) => {
      const { recordIndex } = c.var.services
      const { version, searches } = await recordIndex.contents()
      return c.json({ version, searches })
    },
  )
  .get(
    '/api/searches/:id',
    contract({
      tag: 'searches',
      summary: 'One search with its trials, the best, and what the result depended on',
      params,
      answer: { 'application/json': searchAnswer },
      problems: [404, 422],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const entry = await entryOf(services, 'search', id)
      const row = (await services.recordIndex.contents()).searches.find((each) => each.id === id)
      if (row === undefined) throw new Problem(404, 'The search was removed.')
      const record = await readSearchRecord(plainFiles(entry)).catch((error: Error) => {
        throw new Problem(422, error.message)
      })
      return c.json({ row, record })
    },
  )
  .get(
    '/api/searches/:id/events',
    contract({
      tag: 'searches',
      summary: 'Its trials as they come: events `trial` and `search`; resumes after Last-Event-ID',
      params,
      answer: { 'text/event-stream': 'text' },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const entry = await entryOf(services, 'search', id)
      return eventStream(c, (ended) => tailSearch(entry, c.req.header('last-event-id'), ended))
    },
  )
  .post(
    '/api/searches/:id/stop',
    contract({
      tag: 'searches',
      summary: 'Asks a running search to stop after keeping what is done; --resume continues it',
      params,
      answer: { 'application/json': z.object({ stopping: z.literal(true) }) },
      problems: [404, 409],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { services } = c.var
      const { directory } = await entryOf(services, 'search', id)
      if (!isHeld(join(directory, SEARCH_FILES.lock))) {
        throw new Problem(409, 'Nobody is running this search.')
      }
      await writeFile(join(directory, SEARCH_FILES.stop), '', { flag: 'wx' }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error // asked for already
        },
      )
      services.log.info('stop', { search: id })
      return c.json({ stopping: true })
    },
  )
  .get(
    '/api/events',
    contract({
      tag: 'runs',
      summary:
        'What changes in the lists: events `run`, `search`, `study` with the new row, `removed` with kind and id',
      answer: { 'text/event-stream': 'text' },
    }),
    (c) => eventStream(c, (ended) => tailRecordIndex(c.var.services.recordIndex, ended)),
  )
