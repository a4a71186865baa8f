import type { ProblemDocument } from '../../src/catalog/answers.ts'

/** What the server said is wrong with a request. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly hint: string | undefined
  constructor(status: number, detail: string, hint?: string) {
    super(detail)
    this.status = status
    this.hint = hint
  }
}

/** Nobody answers. */
export class Away extends Error {
  override readonly name = 'Away'
  constructor() {
    super('The server does not answer.')
  }
}

const problemIn = (text: string): Partial<ProblemDocument> => {
  try {
    return JSON.parse(text) as ProblemDocument
  } catch {
    return {}
  }
}

async function ask<T>(path: string, options: RequestInit): Promise<T> {
  const response = await fetch(path, options).catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new Away()
  })
  if (response.ok) {
    return (await response.json().catch((error: Error) => {
      throw error.name === 'AbortError' ? error : new Away() // cut off in the middle
    })) as T
  }
  const { detail, hint } = problemIn(await response.text().catch(() => ''))
  throw new Refusal(response.status, detail ?? `The server answered with ${response.status}.`, hint)
}

/** The JSON at an address of the server, whose routes promise its form. Throws a `Refusal` or `Away`. */
export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  ask<T>(path, signal === undefined ? {} : { signal })

/** Asks the server to do something. */
export const post = <T>(path: string): Promise<T> => ask<T>(path, { method: 'POST' })

/** An id within an address: it may hold percent signs of its own. */
export const idIn = (id: string) => encodeURIComponent(id)
