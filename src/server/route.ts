import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { Services } from './services.ts'

/** A request whose address was checked. */
export interface Asked<Params, Query> {
  readonly params: Params
  readonly query: Query
  header(name: string): string | undefined
  /** The request as it comes from the wire; its body was not touched. */
  readonly incoming: IncomingMessage
  /** Given when the answer has taken too long, or nobody waits for it any more. */
  readonly signal: AbortSignal
}

/** What a body or an answer holds: JSON by its schema, or bytes. */
export type Content = z.ZodType | 'bytes' | 'text'

/** A route as a value: the router, its checks and the OpenAPI description are all made of this one. */
export interface Route<Params = unknown, Query = unknown> {
  readonly method: 'get' | 'post'
  /** `/api/runs/{id}`. */
  readonly path: string
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
  /** A stream of events: it may go on for as long as somebody listens. */
  readonly isStream?: boolean
  handle(asked: Asked<Params, Query>, services: Services): Response | Promise<Response>
}

/** A route for the table, its parameters typed by its schemas. */
export function route<Params = Record<string, never>, Query = Record<string, never>>(
  given: Route<Params, Query>,
): Route {
  return given as unknown as Route
}
