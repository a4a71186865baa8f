import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { curvesAnswer, runAnswer, runsAnswer } from '../../catalog/answers.ts'
import { readEvents, readManifest, readTest, testRecord } from '../../catalog/run-row.ts'
import type { RecordKind } from '../../catalog/scan.ts'
import { readStudy, studyRowSchema } from '../../catalog/study-row.ts'
import { studyRecord } from '../../study/record.ts'
import { Problem } from '../problem.ts'
import { json } from '../reply.ts'
import { route } from '../route.ts'
import { empty } from '../router.ts'
import type { Services } from '../services.ts'
import { eventStream } from '../sse.ts'
import { endOf, tailRun } from '../tail-run.ts'

const id = z.string().min(1).max(1000)
const params = z.object({ id })

/** The place of a record, or 404. */
export async function placeOf({ library }: Services, kind: RecordKind, id: string) {
  const place = await library.find(kind, id)
  if (place !== undefined) return place
  throw new Problem(404, `There is no ${kind} ${JSON.stringify(id.slice(0, 200))} here.`, {
    hint: 'It may have been removed.',
  })
}

/** Versions count from one in every process: a tag of yesterday's server must not match today's. */
const PROCESS = randomUUID().slice(0, 8)

export const runRoutes = [
  route({
    method: 'get',
    path: '/api/runs',
    tag: 'runs',
    summary: 'Every run, those within searches and studies too; unreadable ones with what is wrong',
    query: z.object({
      /** Only those within this search or study. */
      within: id.optional(),
      /** `true`: only those that lie in no search. */
      top: z.enum(['true', 'false']).optional(),
    }),
    answer: { 'application/json': runsAnswer },
    async handle({ query, header }, { library }) {
      const { version, runs } = await library.contents()
      const etag = `"${PROCESS}-${version}"`
      if (header('if-none-match') === etag) return empty(304, { etag })
      const wanted = runs.filter(
        ({ within }) =>
          (query.within === undefined || within?.id === query.within) &&
          (query.top !== 'true' || within?.kind !== 'search'),
      )
      return json({ version, runs: wanted }, { etag })
    },
  }),
  route({
    method: 'get',
    path: '/api/curves',
    tag: 'runs',
    summary: 'The epochs of many runs, a column a figure',
    query: z.object({
      /** Ids with commas between; all runs where it is left out. */
      runs: z.string().optional(),
    }),
    answer: { 'application/json': curvesAnswer },
    handle: async ({ query }, { library }) =>
      json({ curves: await library.curves(query.runs?.split(',').filter((text) => text !== '')) }),
  }),
  route({
    method: 'get',
    path: '/api/runs/{id}',
    tag: 'runs',
    summary: 'One run: what repeats it, and its events',
    params,
    answer: {
      'application/json': runAnswer,
    },
    problems: [404],
    async handle({ params: { id } }, services) {
      const place = await placeOf(services, 'run', id)
      const row = (await services.library.contents()).runs.find((each) => each.id === id)
      const record = await readManifest(place).catch(() => null)
      const { events } = await readEvents(place).catch(() => ({ events: [] }))
      if (row === undefined) throw new Problem(404, 'The run was removed.')
      return json({ row, manifest: record, events })
    },
  }),
  route({
    method: 'get',
    path: '/api/runs/{id}/test',
    tag: 'runs',
    summary: 'Its evaluation on the test images, where there is one; `predicted` has a class for each image',
    params,
    answer: { 'application/json': testRecord },
    problems: [404],
    async handle({ params: { id } }, services) {
      const place = await placeOf(services, 'run', id)
      const test = await readTest(place).catch((error: Error) => {
        throw new Problem(404, error.message, { hint: `To evaluate it: atelier evaluate RUN` })
      })
      return json(test)
    },
  }),
  route({
    method: 'get',
    path: '/api/runs/{id}/events',
    tag: 'runs',
    summary:
      'Its events as they come, as server-sent events named by their type; goes on after Last-Event-ID',
    params,
    answer: { 'text/event-stream': 'text' },
    problems: [404],
    isStream: true,
    async handle({ params: { id }, header }, services) {
      const place = await placeOf(services, 'run', id)
      const last = header('last-event-id')
      // 204 tells a browser that comes back by itself to stay away: there is no more.
      if (last !== undefined && last === (await endOf(place))) return empty(204)
      return eventStream(services, (ended) => tailRun(place, last, ended))
    },
  }),
  route({
    method: 'get',
    path: '/api/studies',
    tag: 'runs',
    summary: 'Every study; its runs and searches name it as what they lie within',
    answer: { 'application/json': z.object({ studies: z.array(studyRowSchema) }) },
    handle: async (_, { library }) => json({ studies: (await library.contents()).studies }),
  }),
  route({
    method: 'get',
    path: '/api/studies/{id}',
    tag: 'runs',
    summary:
      'The record of a finished study: data, networks, searches and experiments, as its report shows them',
    params,
    answer: { 'application/json': studyRecord },
    problems: [404, 422],
    async handle({ params: { id } }, services) {
      const place = await placeOf(services, 'study', id)
      const { studies } = await services.library.contents()
      if (studies.find((each) => each.id === id)?.status !== 'finished')
        throw new Problem(404, 'This study has no record yet.')
      return json(
        await readStudy(place).catch((error: Error) => {
          throw new Problem(422, error.message)
        }),
      )
    },
  }),
]
