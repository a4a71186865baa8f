import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { fileTrouble } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import { readPlainFile } from '../base/plain-file.ts'

/** No set of small images is larger; more is a mistake or a trap (deflate shrinks zeros a thousandfold). */
const MOST_BYTES = 2 ** 30

/** What a file must be like. */
export interface ReadOptions {
  /** When given, the file as it lies on the disk must have this MD5. */
  readonly md5?: string
  readonly mostBytes?: number
}

/** The bytes of a file, unpacked when it is gzip. */
export async function readBytes(file: string, { md5, mostBytes }: ReadOptions = {}): Promise<Uint8Array> {
  const bytes = await readPlainFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause)
  })
  if (md5 !== undefined) checkMd5(bytes, md5, file)
  return isGzip(bytes) ? gunzip(bytes, file, mostBytes) : plain(asBytes(bytes), file)
}

/** Fails unless the bytes have the MD5 that their publisher announced. */
export function checkMd5(bytes: Uint8Array, md5: string, at: string): void {
  const received = createHash('md5').update(bytes).digest('hex')
  if (received === md5) return
  throw new InputError({
    at,
    expected: `MD5 ${md5}`,
    received,
    hint: 'This is not the published file, or it is damaged: delete it and fetch it again, or use idx:DIR for data of your own.',
  })
}

/** Unpacks gzip, with errors a person can act on. */
export function gunzip(bytes: Uint8Array, at: string, mostBytes: number = MOST_BYTES): Uint8Array {
  try {
    return asBytes(gunzipSync(bytes, { maxOutputLength: mostBytes }))
  } catch (cause) {
    throw new InputError({ at, ...unpackingTrouble(cause as NodeJS.ErrnoException, mostBytes) }, { cause })
  }
}

/** A Buffer's `slice` shares memory where that of other byte arrays copies: nothing behind this door shall meet one. */
function asBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function plain(bytes: Uint8Array, file: string): Uint8Array {
  if (!file.endsWith('.gz')) return bytes
  throw new InputError({
    at: file,
    expected: 'gzip data',
    received: bytes.length === 0 ? 'an empty file' : 'something else',
    hint: 'Fetch the file again; if it was unpacked already, drop .gz from its name.',
  })
}

function unpackingTrouble({ code }: NodeJS.ErrnoException, mostBytes: number) {
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return { expected: `at most ${mostBytes} bytes when unpacked`, received: 'more' }
  const received = code === 'Z_BUF_ERROR' ? 'a file that was cut short' : 'a damaged file'
  return { expected: 'a whole gzip file', received, hint: 'Fetch the file again.' }
}

function unreadable(file: string, cause: NodeJS.ErrnoException): InputError {
  const received = cause.code === 'ENOENT' ? 'none' : fileTrouble(cause)
  return new InputError({ at: file, expected: 'a readable file', received }, { cause })
}
