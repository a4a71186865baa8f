import { InputError } from '../base/errors.ts'
import { readNamed } from './files.ts'

/** The value of a JSON file that the user named; `what` says what it should hold. */
export async function readJson(path: string, what: string): Promise<unknown> {
  const text = (await readNamed(path, `${what} as a JSON file`)).toString()
  try {
    return JSON.parse(text)
  } catch (error) {
    const received = text.trim() === '' ? 'an empty file' : (error as Error).message
    throw new InputError({ at: path, expected: 'JSON', received, hint: 'Is a bracket or a comma missing?' })
  }
}
