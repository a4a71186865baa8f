import type { IncomingMessage, ServerResponse } from 'node:http'
import { Hono } from 'hono'
import type { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { openGuard } from './guard.ts'
import { Problem, problemOf } from './problem.ts'
import { openRateLimit } from './rate.ts'
import { refusal, reply } from './reply.ts'
import type { Asked, Route } from './route.ts'
import type { Services } from './services.ts'

/** What the adapter hands in beside a request. */
export interface Wire {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** Answers a request; never throws. */
export type Answer = (request: Request, wire: Wire) => Promise<Response>

/** Bounds of the buckets in which seconds are counted. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

type Env = { Bindings: Wire & { route: string } }

/** Makes a server's answers of its routes; what belongs to none of them goes to `page`. */
export function openRouter(
  routes: readonly Route[],
  services: Services,
  {
    names,
    page,
    logRequests,
  }: {
    readonly names: readonly string[]
    readonly page: (path: string, header: Asked<unknown, unknown>['header']) => Promise<Response | undefined>
    readonly logRequests: boolean
  },
): Answer {
  const { log, metrics, limits } = services
  const guard = openGuard(names)
  const limitRate = openRateLimit(limits.rate)
  const countRequest = metrics.counter('atelier_http_requests_total', 'Requests that were answered.', [
    'route',
    'method',
    'status',
  ])
  const observe = metrics.histogram(
    'atelier_http_request_seconds',
    'Seconds until an answer was ready; streams until they began.',
    seconds,
    ['route'],
  )
  const app = new Hono<Env>()
  for (const route of routes) {
    app.on(route.method.toUpperCase(), honoPath(route.path), async (context) => {
      context.env.route = route.path
      return answerWith(route, services, {
        params: context.req.param(),
        query: context.req.query(),
        header: (name) => context.req.header(name),
        ...context.env,
      })
    })
  }
  const methodsOf = (path: string) =>
    routes.filter((route) => patternOf(route.path).test(path)).map(({ method }) => method.toUpperCase())
  app.notFound(async (context) => {
    const { path, method } = context.req
    const methods = methodsOf(path)
    if (methods.length > 0) {
      throw new Problem(405, `${path} takes ${methods.join(', ')}.`, {
        headers: { allow: methods.join(', ') },
      })
    }
    const isPage = (method === 'GET' || method === 'HEAD') && !/^\/api(\/|$)/.test(path)
    const found = isPage ? await page(path, (name) => context.req.header(name)) : undefined
    if (found === undefined) throw new Problem(404, 'There is nothing at this address.')
    context.env.route = 'page'
    return found
  })
  app.onError((error) => {
    throw error
  })

  return async (request, wire) => {
    const began = performance.now()
    const env = { ...wire, route: 'none' }
    const { incoming } = wire
    const address = incoming.socket.remoteAddress ?? ''
    let response: Response
    let reason: string | undefined
    try {
      const header = (name: string) => {
        const value = incoming.headers[name]
        return Array.isArray(value) ? value[0] : value
      }
      guard({ method: incoming.method ?? 'GET', header })
      limitRate(address)
      response = await app.fetch(request, env)
    } catch (error) {
      const problem = problemOf(error)
      reason = problem.status === 500 ? String((error as Error).stack) : problem.message
      response = refusal(problem)
    }
    const took = (performance.now() - began) / 1000
    countRequest([env.route, incoming.method ?? '', String(response.status)])
    observe(took, [env.route])
    const isFault = response.status >= 500 && response.status !== 503
    if (logRequests || isFault) {
      log[isFault ? 'error' : 'info']('request', {
        method: incoming.method,
        path: incoming.url?.slice(0, 300),
        status: response.status,
        milliseconds: Number((1000 * took).toFixed(2)),
        address,
        ...(reason === undefined ? {} : { reason }),
      })
    }
    return response
  }
}

const honoPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1')
const patternOf = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)

interface Raw extends Wire {
  readonly params: Record<string, string>
  readonly query: Record<string, string>
  header(name: string): string | undefined
}

/** Checks what was asked against the route's schemas and answers in the time there is. */
async function answerWith(route: Route, services: Services, raw: Raw): Promise<Response> {
  const params = checked(route.params, raw.params, 'path')
  const query = checked(route.query, raw.query, 'query')
  const ended = new AbortController()
  const asked = { params, query, header: raw.header, incoming: raw.incoming, signal: ended.signal }
  if (route.isStream) return begunOnly(await route.handle(asked, services), raw.incoming.method)
  const { seconds } = services.limits
  const leave = () => ended.abort(new Problem(499, 'The client went away.'))
  raw.outgoing.once('close', leave)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const problem = new Problem(503, `This took longer than ${seconds} seconds.`, {
        headers: { 'retry-after': '1' },
      })
      ended.abort(problem)
      reject(problem)
    }, 1000 * seconds)
  })
  try {
    return await Promise.race([route.handle(asked, services), late])
  } finally {
    clearTimeout(timer)
    raw.outgoing.off('close', leave)
  }
}

function checked(schema: z.ZodType | undefined, given: unknown, at: string): unknown {
  if (schema === undefined) return {}
  try {
    return parse(schema, given, at)
  } catch (error) {
    if (error instanceof InputError) throw new Problem(400, error.message, { ...error.parts })
    throw error
  }
}

/** A stream that was asked for its head alone is ended at once: nobody would read it, or leave. */
async function begunOnly(response: Response, method: string | undefined): Promise<Response> {
  if (method === 'HEAD') await response.body?.cancel()
  return response
}

/** An answer without a body worth mentioning. */
export const empty = (status: number, headers: Record<string, string> = {}) => reply(status, null, headers)
