import { InputError } from '../base/errors.ts'
import { jsonValue } from '../base/json.ts'

/** The value of a JSON text; `at` says where it was found. Throws an InputError where it is none. */
export function parseJson(text: string, at: string, hint = 'The file may be cut short or damaged.'): unknown {
  try {
    return jsonValue(text.replace(/^\uFEFF/, '')) // editors on Windows write a byte-order mark
  } catch (error) {
    const received = text.trim() === '' ? 'nothing' : (error as Error).message
    throw new InputError({ at, expected: 'JSON', received, hint })
  }
}
