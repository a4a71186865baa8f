import { STATUS_CODES } from 'node:http'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { InputError } from '../base/errors.ts'
import type { ProblemDocument } from '../catalog/answers.ts'
import { UnusableError } from '../catalog/unusable.ts'

/** A request that is answered with an error: thrown anywhere, turned into a problem document at the door. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly parts: Omit<ProblemDocument, 'type' | 'title' | 'status' | 'detail'>
  readonly headers: Readonly<Record<string, string>>
  constructor(
    status: number,
    detail: string,
    {
      headers = {},
      cause,
      ...parts
    }: Partial<ProblemDocument> & { headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause })
    this.status = status
    this.parts = parts
    this.headers = headers
  }
}

/** The problem that an error amounts to: our own say what is wrong, others nothing but that something is. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof InputError) return new Problem(400, error.message, { ...error.parts, cause: error })
  if (error instanceof UnusableError)
    return new Problem(500, `${error.what} cannot be used; the log has why.`, { cause: error })
  return new Problem(500, 'Something went wrong here; the log has it.', { cause: error })
}

/** A problem as it is sent. */
export const documentOf = ({ status, message, parts }: Problem): ProblemDocument => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail: message,
  ...parts,
})

/** The answer that tells a problem. */
export const problemResponse = (c: Context, problem: Problem): Response =>
  c.body(JSON.stringify(documentOf(problem)), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    ...problem.headers,
  })
