import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { z } from 'zod'
import { contract, describedRoutes } from './contract.ts'
import { deadline } from './middleware/deadline.ts'
import { guard } from './middleware/guard.ts'
import { observe } from './middleware/observe.ts'
import { rateLimit } from './middleware/rate-limit.ts'
import { noStore, secure } from './middleware/secure.ts'
import { openApi } from './openapi.ts'
import { page } from './page.ts'
import { Problem, problemOf, problemResponse } from './problem.ts'
import { dataRoutes } from './routes/data.ts'
import { dataAuditRoutes } from './routes/data-audit.ts'
import { dataFileRoutes } from './routes/data-files.ts'
import { healthRoutes } from './routes/health.ts'
import { recognizeRoutes } from './routes/recognize.ts'
import { runRoutes } from './routes/runs.ts'
import { searchRoutes } from './routes/searches.ts'
import { testImageRoutes } from './routes/test-images.ts'
import type { Env, Services } from './services.ts'

/** What an app is told beside its services. */
export interface AppOptions {
  /** Names under which the server is reached, beside those of this machine. */
  readonly names: readonly string[]
  /** The directory of the built page. */
  readonly page: string | undefined
  /** Whether every request is logged, or only those that failed. */
  readonly logRequests: boolean
  readonly version: string
}

/** The API by subject. A new one is a file and a row here. */
const families = [
  recognizeRoutes,
  runRoutes,
  testImageRoutes,
  searchRoutes,
  dataRoutes,
  dataAuditRoutes,
  dataFileRoutes,
  healthRoutes,
]

/** The API, with the route that describes it. */
export function apiRoutes(version: string): Hono<Env> {
  const api = new Hono<Env>()
  for (const family of families) api.route('/', family)
  return api.get(
    '/api/openapi.json',
    contract({
      tag: 'server',
      summary: 'This description',
      answer: { 'application/json': z.looseObject({ openapi: z.string() }) },
    }),
    (c) => c.json(openApi(describedRoutes(api.routes), version)),
  )
}

/** Says which methods an address takes. */
const onMethodNotAllowed = (c: Context, methods: readonly string[]) => {
  const allow = methods.join(', ')
  return problemResponse(c, new Problem(405, `${c.req.path} takes ${allow}.`, { headers: { allow } }))
}

/** A server's answers: the API, and the page for what else is asked. */
export function openApp(services: Services, options: AppOptions): Hono<Env> {
  const { limits } = services
  const app = new Hono<Env>()
  app.use(observe(services, options.logRequests), secure, noStore)
  app.use(guard(options.names), rateLimit(limits.rate))
  app.use(methodNotAllowed({ app, onMethodNotAllowed }), deadline(limits.seconds))
  app.use((c, next) => {
    c.set('services', services)
    return next()
  })
  app.route('/', apiRoutes(options.version))
  app.route('/', page(options.page))
  app.notFound((c) => problemResponse(c, new Problem(404, 'There is nothing at this address.')))
  app.onError((error, c) => problemResponse(c, problemOf(error)))
  return app
}
