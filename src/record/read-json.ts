import { MOST_TEXT, readNamed } from './files.ts'
import { parseJson } from './parse-json.ts'

/** The value of a JSON file that the user named; `what` says what it should hold. */
export async function readJson(path: string, what: string): Promise<unknown> {
  const text = (await readNamed(path, `${what} as a JSON file`, { mostBytes: MOST_TEXT })).toString()
  return parseJson(text, path, 'Is a bracket or a comma missing?')
}
