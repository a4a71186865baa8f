import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTrouble } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import { readPlainFile } from '../base/plain-file.ts'
import { MOST_TEXT } from '../record/files.ts'
import type { RecordFiles } from '../record/record-files.ts'
import type { RecordEntry } from './scan.ts'

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

/** The bytes of a plain file; `at` names it in errors. Links are refused, and pipes are not waited for. */
export async function readPlain(path: string, at: string): Promise<Buffer> {
  return readPlainFile(path, { mostBytes: MOST_TEXT, followsLinks: false }).catch((cause) => {
    throw new InputError({ at, expected: 'a file of a record', received: fileTrouble(cause) }, { cause })
  })
}

/** The files of a record below the root, links refused; errors call them by their paths below it. */
export const plainFiles = ({ directory, path }: RecordEntry): RecordFiles => ({
  directory,
  at: (name) => `${path}/${name}`,
  modified: async (name) => (await stampOf(join(directory, name)))?.modified,
  read: (name) => readPlain(join(directory, name), `${path}/${name}`),
})
