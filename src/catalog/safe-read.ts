import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { RecordFiles } from '../record/record-files.ts'
import type { RecordEntry } from './scan.ts'

/** Larger than any record that we wrote. */
const MOST_BYTES = 256 * 2 ** 20

/** What tells that a file is another one, or has other content, than when it was last looked at. */
export interface Stamp {
  readonly inode: number
  readonly bytes: number
  readonly modified: number
}

/** A file's stamp; undefined where there is no plain file: links are not followed, they may lead anywhere. */
export async function stampOf(path: string): Promise<Stamp | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isFile()) return undefined
  return { inode: found.ino, bytes: found.size, modified: found.mtimeMs }
}

/** Stamps as a text that changes when one of them does. */
export const tagOf = (...stamps: readonly (Stamp | undefined)[]): string =>
  stamps.map((stamp) => (stamp ? `${stamp.inode}.${stamp.bytes}.${stamp.modified}` : '-')).join(' ')

/** The text of a plain file from a byte on; `at` names it in errors. Links are refused, and pipes are not waited for. */
export async function readPlain(path: string, at: string, from = 0): Promise<Buffer> {
  const file = await open(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  ).catch((cause: NodeJS.ErrnoException) => {
    const words: Record<string, string> = { ENOENT: 'nothing there', ELOOP: 'a link' }
    const received = words[cause.code ?? ''] ?? 'one that cannot be opened'
    throw new InputError({ at, expected: 'a file of a record', received }, { cause })
  })
  try {
    const found = await file.stat()
    if (!found.isFile() || found.size - from > MOST_BYTES) {
      const received = found.isFile() ? `one of ${found.size} bytes` : 'something else'
      throw new InputError({ at, expected: 'a file of a record', received })
    }
    const bytes = Buffer.alloc(Math.max(0, found.size - from))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The files of a record below the root, links refused; errors call them by their paths below it. */
export const plainFiles = ({ directory, path }: RecordEntry): RecordFiles => ({
  directory,
  at: (name) => `${path}/${name}`,
  modified: async (name) => (await stampOf(join(directory, name)))?.modified,
  read: (name) => readPlain(join(directory, name), `${path}/${name}`),
})
