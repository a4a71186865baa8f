import { Hono } from 'hono'
import { z } from 'zod'
import { contract } from '../contract.ts'
import { Problem } from '../problem.ts'
import type { Env } from '../services.ts'

const health = z.object({ status: z.literal('ok'), seconds: z.number() })

const began = performance.now()

export const healthRoutes = new Hono<Env>()
  .get(
    '/healthz',
    contract({
      tag: 'server',
      summary: 'Whether requests are taken; 503 once the server is about to end',
      answer: { 'application/json': health },
    }),
    (c) => {
      if (c.var.services.closing.aborted) throw new Problem(503, 'The server is about to end.')
      return c.json({ status: 'ok', seconds: Math.round((performance.now() - began) / 1000) })
    },
  )
  .get(
    '/metrics',
    contract({
      tag: 'server',
      summary: 'Figures for Prometheus, in its text format',
      answer: { 'text/plain': 'text' },
    }),
    (c) =>
      c.body(c.var.services.metrics.text(), 200, {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      }),
  )
