import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { searchAnswer, searchesAnswer } from '../../catalog/answers.ts'
import { readSearchRecord } from '../../catalog/search-row.ts'
import { SEARCH_FILES } from '../../search/files.ts'
import { isHeld } from '../../tuning/lock.ts'
import { Problem } from '../problem.ts'
import { json } from '../reply.ts'
import { route } from '../route.ts'
import { eventStream } from '../sse.ts'
import { tailLibrary } from '../tail-library.ts'
import { tailSearch } from '../tail-search.ts'
import { placeOf } from './runs.ts'

const params = z.object({ id: z.string().min(1).max(1000) })

export const searchRoutes = [
  route({
    method: 'get',
    path: '/api/searches',
    tag: 'searches',
    summary: 'Every search; unreadable ones with what is wrong',
    answer: { 'application/json': searchesAnswer },
    async handle(_, { library }) {
      const { version, searches } = await library.contents()
      return json({ version, searches })
    },
  }),
  route({
    method: 'get',
    path: '/api/searches/{id}',
    tag: 'searches',
    summary: 'One search with its trials, the best, and what the result depended on',
    params,
    answer: { 'application/json': searchAnswer },
    problems: [404, 422],
    async handle({ params: { id } }, services) {
      const place = await placeOf(services, 'search', id)
      const row = (await services.library.contents()).searches.find((each) => each.id === id)
      if (row === undefined) throw new Problem(404, 'The search was removed.')
      const record = await readSearchRecord(place).catch((error: Error) => {
        throw new Problem(422, error.message)
      })
      return json({ row, record })
    },
  }),
  route({
    method: 'get',
    path: '/api/searches/{id}/events',
    tag: 'searches',
    summary: 'Its trials as they come: events `trial` and `search`; goes on after Last-Event-ID',
    params,
    answer: { 'text/event-stream': 'text' },
    problems: [404],
    isStream: true,
    async handle({ params: { id }, header }, services) {
      const place = await placeOf(services, 'search', id)
      return eventStream(services, (ended) => tailSearch(place, header('last-event-id'), ended))
    },
  }),
  route({
    method: 'post',
    path: '/api/searches/{id}/stop',
    tag: 'searches',
    summary: 'Asks a running search to stop after keeping what is done; --resume goes on with it',
    params,
    answer: { 'application/json': z.object({ stopping: z.literal(true) }) },
    problems: [404, 409],
    async handle({ params: { id } }, services) {
      const { directory } = await placeOf(services, 'search', id)
      if (!isHeld(join(directory, SEARCH_FILES.lock))) {
        throw new Problem(409, 'Nobody is running this search.')
      }
      await writeFile(join(directory, SEARCH_FILES.stop), '', { flag: 'wx' }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error // asked for already
        },
      )
      services.log.info('stop', { search: id })
      return json({ stopping: true })
    },
  }),
  route({
    method: 'get',
    path: '/api/events',
    tag: 'runs',
    summary:
      'What changes in the lists: events `run`, `search`, `study` with the new row, `removed` with kind and id',
    answer: { 'text/event-stream': 'text' },
    isStream: true,
    handle: (_, services) => eventStream(services, (ended) => tailLibrary(services.library, ended)),
  }),
]
