import { InputError } from '../base/errors.ts'

/** Where names of classes may lie beside the data. */
interface Files {
  readonly present: readonly string[]
  read(name: string): Promise<Uint8Array>
}

/** The lines of `classes.txt` or `labels.txt`; without them the numbers from 0 to the largest training label. */
export async function classNamesAmong({ present, read }: Files, labels: Uint8Array): Promise<string[]> {
  const file = ['classes.txt', 'labels.txt'].find((name) => present.includes(name))
  if (file === undefined) return numbered(labels)
  return parseClassNames(await read(file), file)
}

/** Names of classes from the bytes of a text, one a line, in UTF-8 or by its mark in UTF-16; `at` names it in errors. */
export function parseClassNames(bytes: Uint8Array, at: string): string[] {
  return decodeText(bytes, at)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function decodeText(bytes: Uint8Array, at: string): string {
  const isMarked = (first: number, second: number) => bytes[0] === first && bytes[1] === second
  const encoding = isMarked(0xff, 0xfe) ? 'utf-16le' : isMarked(0xfe, 0xff) ? 'utf-16be' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // said below
  }
  const hint = 'Save it as UTF-8.'
  throw new InputError({ at, expected: 'text in UTF-8', received: 'bytes of another encoding', hint })
}

/** Classes that have no names are called by their numbers. */
export function numbered(labels: Uint8Array): string[] {
  const largest = labels.reduce((a, b) => Math.max(a, b), 0)
  return Array.from({ length: largest + 1 }, (_, i) => `${i}`)
}
