import { InputError } from '../base/errors.ts'
import { sha256Hex } from '../base/hash.ts'
import { parseJson } from './parse-json.ts'

/**
 * Since version 2 every file of a record holds a checksum, and every reader checks it: SHA-256, hex, of all bytes of the
 * file with zeros where the checksum stands. It finds what a disk, a copy or an editor did; it is no signature.
 */

/** Stands in a file in the checksum's place while it is computed. */
export const ZEROS = '0'.repeat(64)
const encoder = new TextEncoder()
const zeros = encoder.encode(ZEROS)
const latin1 = new TextDecoder('latin1')
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a reader says of a file that is not as it was written. */
export const damaged = (
  at: string,
  received: string,
  hint = 'It was damaged or changed afterwards. Restore it from a copy, or make the record again.',
) => new InputError({ at, expected: 'the file as it was written', received, hint })

/** SHA-256, hex, of a file's bytes with zeros from `start` on, where its checksum stands. */
const checksumAt = (file: Uint8Array, start: number) =>
  sha256Hex(file.subarray(0, start), zeros, file.subarray(start + ZEROS.length))

/** Writes the checksum of a file into it, in place of 64 zeros; returns it. */
export function setChecksum(file: Uint8Array, start: number): string {
  const checksum = checksumAt(file, start)
  file.set(encoder.encode(checksum), start)
  return checksum
}

/** The checksum that a file holds from `start` on; throws an InputError where the file has another. */
export function checkChecksum(file: Uint8Array, start: number, at: string, hint?: string): string {
  const said = latin1.decode(file.subarray(start, start + ZEROS.length))
  if (!/^[0-9a-f]{64}$/.test(said)) throw damaged(at, 'one without its checksum', hint)
  if (checksumAt(file, start) !== said) throw damaged(at, 'one with another checksum', hint)
  return said
}

/** A record as the bytes of a JSON file, its checksum first. */
export const encodeRecord = (record: object, indent?: number): Uint8Array => recordFile(record, indent).file

/** The same with the checksum, which other files name. */
export function recordFile(
  record: object,
  indent?: number,
): { readonly file: Uint8Array; readonly checksum: string } {
  const text = `${JSON.stringify({ checksum: ZEROS, ...record }, null, indent)}\n`
  const file = encoder.encode(text)
  return { file, checksum: setChecksum(file, text.indexOf(ZEROS)) }
}

/** A record's value, and its file's checksum; undefined in a record of version 1, which had none. */
export interface OpenRecord {
  readonly value: unknown
  readonly checksum: string | undefined
}

/**
 * Reads the bytes of a record's JSON file; throws an InputError that names `at` where they are not as they were written.
 * Of version 2 none may be without a checksum.
 */
export function decodeRecord(file: Uint8Array, at: string, hint?: string): OpenRecord {
  const value = parseJson(textOf(file, at), at, hint)
  const { checksum: said, schemaVersion } = { ...(value as Record<string, unknown> | null) }
  if (said === undefined && schemaVersion !== 2) return { value, checksum: undefined }
  const before = /^\{\s*"checksum": ?"/.exec(latin1.decode(file.subarray(0, 64)))
  if (before === null) throw damaged(at, 'one without its checksum')
  return { value, checksum: checkChecksum(file, before[0].length, at) }
}

/** Refuses a file of a run, since version 2, that names another run. */
export function checkOfRun(
  { run }: { readonly run?: string | undefined },
  checksum: string | undefined,
  at: string,
): void {
  if (checksum !== undefined && run !== checksum) throw damaged(at, 'the file of another run')
}

/** The text of a file; throws an InputError that names `at` where its bytes are no UTF-8. */
export function textOf(file: Uint8Array, at: string): string {
  try {
    return utf8.decode(file)
  } catch {
    throw damaged(at, 'bytes that are no text')
  }
}
