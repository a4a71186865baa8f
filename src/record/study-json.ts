import { parseJson } from './read-json.ts'

/** Keys of study records that were spelled otherwise before. */
const former: ReadonlyMap<string, string> = new Map([
  ['initialisation', 'initialization'],
  ['initialiser', 'initializer'],
  ['neighbours', 'neighbors'],
  ['optimiser', 'optimizer'],
])

/** A stored value with every key as it is spelled today, however deep it lies. */
function withTodaysKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTodaysKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [former.get(name) ?? name, withTodaysKeys(held)]),
  )
}

/** The value of a plan or record of a study, in today's keys; throws as `parseJson` does. */
export const parseStudyJson = (text: string, at: string): unknown => withTodaysKeys(parseJson(text, at))
