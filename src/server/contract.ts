import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { RouterRoute } from 'hono/types'
import type { z } from 'zod'
import { parse } from '../base/parse.ts'
import type { Env } from './services.ts'

/** What a body or an answer holds: JSON by its schema, bytes, or text. */
export type Content = z.ZodType | 'bytes' | 'text'

/** What a route takes and answers. */
export interface Contract<Params = unknown, Query = unknown> {
  readonly tag: string
  readonly summary: string
  readonly params?: z.ZodObject & z.ZodType<Params>
  readonly query?: z.ZodObject & z.ZodType<Query>
  /** By media type. */
  readonly body?: Readonly<Record<string, Content>>
  /** By media type. */
  readonly answer: Readonly<Record<string, Content>>
  /** Statuses of errors that it may answer with beside those that any route may. */
  readonly problems?: readonly number[]
}

const contracts = new WeakMap<object, Contract>()

/**
 * The first handler of a route: holds its parameters to their schemas, so that `c.req.valid` has them typed, and describes
 * it for OpenAPI. Both from one value, so that the description stays true.
 */
export function contract<Params extends object = object, Query extends object = object>(
  given: Contract<Params, Query>,
): MiddlewareHandler<Env, string, { in: object; out: { param: Params; query: Query } }> {
  const { params, query } = given
  const check: MiddlewareHandler<Env> = async (c, next) => {
    c.set('route', template(routePath(c)))
    if (params !== undefined) c.req.addValidatedData('param', parse(params, c.req.param(), 'path'))
    if (query !== undefined) c.req.addValidatedData('query', parse(query, c.req.query(), 'query'))
    await next()
  }
  contracts.set(check, given)
  return check
}

/** A route with its contract. */
export interface DescribedRoute extends Contract {
  readonly method: string
  /** `/api/runs/{id}`. */
  readonly path: string
}

/** The routes of an app that have a contract. */
export const describedRoutes = (routes: readonly RouterRoute[]): DescribedRoute[] =>
  routes.flatMap(({ method, path, handler }) => {
    const found = contracts.get(handler)
    return found === undefined ? [] : [{ ...found, method: method.toLowerCase(), path: template(path) }]
  })

/** `/api/runs/:id` as OpenAPI and the metrics write it: `/api/runs/{id}`. */
const template = (path: string) => path.replace(/:(\w+)/g, '{$1}')
