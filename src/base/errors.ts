/** What a helpful error says: where it happened, what was expected, what came, and what to try. */
export interface ErrorParts {
  /** The place, in words a user knows: a flag, a file, a layer. */
  readonly at: string
  readonly expected: string
  readonly received?: string
  readonly hint?: string
}

function sentence({ at, expected, received, hint }: ErrorParts): string {
  const came = received === undefined ? '' : `, received ${received}`
  return `${at}: expected ${expected}${came}.${hint === undefined ? '' : ` ${hint}`}`
}

/** The person asked for something that cannot be: a bad flag, file, shape or value. The command line exits with 2. */
export class InputError extends Error {
  override readonly name: string = 'InputError'
  readonly parts: ErrorParts
  constructor(parts: ErrorParts, options?: ErrorOptions) {
    super(sentence(parts), options)
    this.parts = parts
  }
}

/** The request was sound but the work could not be finished: diverged, disk full, network lost. Exits with 1. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
}

/** Shapes that do not fit each other, in a network or at a kernel's door. */
export class ShapeError extends InputError {
  override readonly name = 'ShapeError'
}

/** The same error, with the place around the one where it happened: a file around a layer. Other errors pass as they are. */
export function within(place: string, error: unknown): unknown {
  if (!(error instanceof InputError) || error.parts.at.startsWith(place)) return error
  return new InputError({ ...error.parts, at: `${place}: ${error.parts.at}` }, { cause: error })
}

/** What was thrown, in words: anything may be, by programs that are not ours. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'something that has no words' // an object without a prototype
  }
}
