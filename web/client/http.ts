import type { ProblemDocument } from '../../src/catalog/answers.ts'
import { HintedError } from '../base/fault.ts'

/** An address of the server, and in its type what is answered there. */
export interface Endpoint<Answer> {
  readonly path: string
  /** Never there at run time: it carries the type. */
  readonly answer?: Answer
}

/** Why a request has no answer, as data: the status that came instead, none where nobody answers, and what may be done. */
export class RequestError extends HintedError {
  override readonly name = 'RequestError'
  readonly status: number | undefined
  constructor(status: number | undefined, detail: string, hint?: string, options?: ErrorOptions) {
    super(detail, hint, options)
    this.status = status
  }
}

const unreachable = (cause: Error) =>
  cause.name === 'AbortError'
    ? cause
    : new RequestError(
        undefined,
        'The server does not answer.',
        'Is it still running? Start it with `atelier serve`.',
        { cause },
      )

async function problemOf(response: Response): Promise<RequestError> {
  const problem: Partial<ProblemDocument> = await response.json().catch(() => ({}))
  const detail = problem.detail ?? `The server answered with status ${response.status}.`
  return new RequestError(response.status, detail, problem.hint)
}

/** A request whose answer is read by `read`. An abort is thrown as it is, everything else as a `RequestError`. */
async function request<T>(
  path: string,
  options: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const response = await fetch(path, options).catch((cause: Error) => {
    throw unreachable(cause)
  })
  if (!response.ok) throw await problemOf(response)
  return read(response).catch((cause: Error) => {
    throw unreachable(cause) // cut off in the middle
  })
}

/** The answer of an endpoint, whose form the server's schemas promise. */
export const get = <Answer>({ path }: Endpoint<Answer>, signal?: AbortSignal): Promise<Answer> =>
  request(path, signal === undefined ? {} : { signal }, (response) => response.json())

/** Asks the server to do something. */
export const post = <Answer>({ path }: Endpoint<Answer>): Promise<Answer> =>
  request(path, { method: 'POST' }, (response) => response.json())

/** The bytes at an endpoint; undefined where there are none. */
export const getBytes = ({ path }: Endpoint<Uint8Array>): Promise<Uint8Array | undefined> =>
  request(path, {}, async (response) => new Uint8Array(await response.arrayBuffer())).catch((error) => {
    if (error instanceof RequestError && error.status === 404) return undefined
    throw error
  })
