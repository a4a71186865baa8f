import { FailureError } from '../base/errors.ts'

const hint = 'A smaller batch needs less, and so do fewer or narrower layers.'

/** What to throw where the system has no memory for `what`. */
export const memoryRefused = (what: string, options?: ErrorOptions) =>
  new FailureError(`The system refused the memory for ${what}. ${hint}`, options)

/** Memory that the JavaScript engine makes; throws a FailureError where it cannot have so much. */
export function reserve<T>(what: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) throw memoryRefused(what, { cause: error })
    throw error
  }
}
