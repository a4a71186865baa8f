import { z } from 'zod'
import { Problem } from '../problem.ts'
import { json, reply } from '../reply.ts'
import { route } from '../route.ts'

const health = z.object({ status: z.literal('ok'), seconds: z.number() })

const began = performance.now()

export const healthRoutes = [
  route({
    method: 'get',
    path: '/healthz',
    tag: 'server',
    summary: 'Whether requests are taken; 503 once the server is about to end',
    answer: { 'application/json': health },
    handle: (_, { closing }) => {
      if (closing.aborted) throw new Problem(503, 'The server is about to end.')
      return json({ status: 'ok', seconds: Math.round((performance.now() - began) / 1000) })
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    tag: 'server',
    summary: 'Figures for Prometheus, in its text format',
    answer: { 'text/plain': 'text' },
    handle: (_, { metrics }) =>
      reply(200, metrics.text(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  }),
]
