import { sha256Hex } from '../base/hash.ts'
import { damaged, textOf } from './checksum.ts'
import { parseJson } from './parse-json.ts'

/**
 * Files of JSON lines that grow. Since version 2 each line ends with a checksum of itself and of the one before it, from
 * a `seed` on that belongs to the record: no line can be changed, moved, left out, or come from another record unnoticed.
 */

const encoder = new TextEncoder()
const lenient = new TextDecoder()

/** 64 bits: what is looked for is damage, not intent. */
const checksumOf = (before: string, text: string) =>
  sha256Hex(encoder.encode(`${before}\n${text}`)).slice(0, 16)

/**
 * The line of a value, which is an object with something in it, and its checksum: `before` of the next line. Both are
 * undefined in a record of version 1.
 */
export function encodeLine(
  value: object,
  before: string | undefined,
): { readonly line: string; readonly checksum: string | undefined } {
  const text = JSON.stringify(value)
  if (before === undefined) return { line: text, checksum: undefined }
  const checksum = checksumOf(before, text)
  return { line: `${text.slice(0, -1)},"checksum":"${checksum}"}`, checksum }
}

/** The lines of values, one after another from a `seed` on, as a file's text. */
export function encodeLines(
  values: readonly object[],
  seed: string | undefined,
): { readonly text: string; readonly checksum: string | undefined } {
  let checksum = seed
  let text = ''
  for (const value of values) {
    const next = encodeLine(value, checksum)
    checksum = next.checksum
    text += `${next.line}\n`
  }
  return { text, checksum }
}

/** A line's value and the place to name in errors. */
export interface Line {
  readonly value: unknown
  readonly at: string
}

/**
 * Reads the lines of a file one by one, so that others get their turn where there are many; `seed` is undefined for a
 * record of version 1, whose lines have no checksums. A last line without its end was torn by a crash: it is left out,
 * with a warning. Throws an InputError where a line is not as it was written. Returns the warnings.
 */
export function* decodeLines(
  file: Uint8Array,
  at: string,
  seed: string | undefined,
): Generator<Line, string[], undefined> {
  const end = file.lastIndexOf(0x0a) + 1
  const texts = textOf(file.subarray(0, end), at).split('\n')
  texts.pop()
  let checksum = seed
  for (const [i, text] of texts.entries()) {
    const where = `${at}: line ${i + 1}`
    if (checksum !== undefined) checksum = checkLine(text, checksum, where)
    yield { value: parseJson(text, where), at: where }
  }
  const torn = lenient.decode(file.subarray(end))
  if (checksum !== undefined) checkTorn(torn, checksum, `${at}: line ${texts.length + 1}`)
  return torn === '' ? [] : [`${at}: the last line is torn and was left out.`]
}

const CHECKED = /^(\{.*),"checksum":"([0-9a-f]{16})"\}/s

const isChecked = (found: RegExpExecArray, before: string) => checksumOf(before, `${found[1]}}`) === found[2]

function checkLine(text: string, before: string, at: string): string {
  const found = CHECKED.exec(text)
  if (found === null || found[0].length < text.length) throw damaged(at, 'one without its checksum')
  if (!isChecked(found, before)) throw damaged(at, 'one with another checksum')
  return found[2]
}

/** A crash leaves a line's beginning. A whole line with something behind it in place of its end is no such thing. */
function checkTorn(text: string, before: string, at: string): void {
  const found = CHECKED.exec(text)
  if (found !== null && found[0].length < text.length && isChecked(found, before)) {
    throw damaged(at, 'a line without its end')
  }
}
