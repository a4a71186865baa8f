import { type ErrorParts, InputError, messageOf } from '../../src/base/errors.ts'

/** An error as data, on its way between threads. */
export interface Fault {
  readonly message: string
  readonly hint: string | undefined
  readonly parts: ErrorParts | undefined
}

/** An error that is not about what was asked for, and what may be done about it. */
export class HintedError extends Error {
  override readonly name: string = 'HintedError'
  readonly hint: string | undefined
  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** An error as data. */
export const faultOf = (error: unknown): Fault => ({
  message: messageOf(error),
  hint: error instanceof HintedError ? error.hint : undefined,
  parts: error instanceof InputError ? error.parts : undefined,
})

/** The error again, on the other side. */
export const errorOf = ({ message, hint, parts }: Fault): Error =>
  parts === undefined ? new HintedError(message, hint) : new InputError(parts)
