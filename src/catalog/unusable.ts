import { messageOf } from '../base/errors.ts'

/** Something of this machine's that cannot be used, such as a weights file that is broken: no fault of whoever asked for it. */
export class UnusableError extends Error {
  override readonly name = 'UnusableError'
  /** What it is, in words that name no place. */
  readonly what: string
  constructor(what: string, cause: unknown) {
    super(`${what} cannot be used: ${messageOf(cause)}`, { cause })
    this.what = what
  }
}
