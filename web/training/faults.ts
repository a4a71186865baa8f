import { InputError } from '../../src/base/errors.ts'
import type { Fault } from './protocol.ts'

/** An error as data. */
export const faultOf = (error: unknown): Fault => ({
  message: error instanceof Error ? error.message : String(error),
  parts: error instanceof InputError ? error.parts : undefined,
})

/** The error again, on the other side. */
export const errorOf = ({ message, parts }: Fault): Error =>
  parts === undefined ? new Error(message) : new InputError(parts)
