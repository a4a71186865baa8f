import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs'
import { lstat, open, stat } from 'node:fs/promises'

/** What readers of files ask for. */
export interface PlainFileOptions {
  /** Larger files are not read; 2 GiB unless told otherwise. */
  readonly mostBytes?: number
  /** Whether a link is read where it leads to; true unless told otherwise. */
  readonly followsLinks?: boolean
}

const MOST_BYTES = 2 ** 31 - 1

/** Opened so that nothing is waited for, should a pipe take a file's place after it was looked at. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** An error with a code of its own beside those of `node:fs`; `fileTrouble` has the words. */
const trouble = (code: string, message: string) => Object.assign(new Error(message), { code })

function check(found: Stats, path: string, { mostBytes = MOST_BYTES }: PlainFileOptions): void {
  if (found.isSymbolicLink()) throw trouble('ELINK', `${path} is a link`)
  if (found.isDirectory()) throw trouble('EISDIR', `${path} is a directory`)
  if (!found.isFile()) throw trouble('ENOTFILE', `${path} is no file`)
  if (found.size > mostBytes) throw trouble('EFBIG', `${path} has more than ${mostBytes} bytes`)
}

/**
 * The bytes of a plain file. A pipe, a device or a socket is never opened: whoever reads one may wait for ever. Rejects as
 * `node:fs` does, with a code: ENOTFILE for what is no file, EFBIG for one that is too large, ELINK for a link where none is
 * followed.
 */
export async function readPlainFile(path: string, options: PlainFileOptions = {}): Promise<Buffer> {
  const { followsLinks = true } = options
  check(await (followsLinks ? stat(path) : lstat(path)), path, options)
  const file = await open(path, followsLinks ? FLAGS : FLAGS | (constants.O_NOFOLLOW ?? 0))
  try {
    check(await file.stat(), path, options)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** `readPlainFile`, at once. */
export function readPlainFileSync(
  path: string,
  options: Omit<PlainFileOptions, 'followsLinks'> = {},
): Buffer {
  check(statSync(path), path, options)
  const file = openSync(path, FLAGS)
  try {
    check(fstatSync(file), path, options)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}
