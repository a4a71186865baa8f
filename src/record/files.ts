import { randomUUID } from 'node:crypto'
import { access, appendFile, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileTrouble, makeDirectory, refuseDirectory } from '../base/directory.ts'
import { FailureError, InputError } from '../base/errors.ts'
import { readPlainFile } from '../base/plain-file.ts'

/** Writes a file beside its place, flushes it to the disk unless told otherwise, and renames it: never a half is seen. */
export async function writeWhole(
  path: string,
  content: Uint8Array | string,
  { flush = true } = {},
): Promise<void> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const file = await open(beside, 'w')
    try {
      await file.writeFile(content)
      if (flush) await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw new FailureError(`Cannot write ${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Whether anything lies at a path. */
export const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

/** Adds a line to a journal. */
export async function appendLine(path: string, line: string): Promise<void> {
  await appendFile(path, `${line}\n`).catch((error: Error) => {
    throw new FailureError(`Cannot write ${path}: ${error.message}`, { cause: error })
  })
}

/** Text that is read at once: larger than any that we wrote. */
export const MOST_TEXT = 256 * 2 ** 20

/** Reads a file that the user named or that a record should hold. */
export async function readNamed(
  path: string,
  what: string,
  { hint, ...limits }: { readonly hint?: string; readonly mostBytes?: number } = {},
): Promise<Buffer> {
  try {
    return await readPlainFile(path, limits)
  } catch (error) {
    const parts = { at: path, expected: what, received: fileTrouble(error) }
    throw new InputError(hint === undefined ? parts : { ...parts, hint }, { cause: error })
  }
}

/** Refuses a place where something lies already. */
export async function checkFree(path: string, hint: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  throw new InputError({
    at: path,
    expected: 'a directory that does not exist yet',
    received: found.isDirectory() ? 'one that does' : 'a file',
    hint,
  })
}

/** Refuses to write over a file. */
export async function checkNoFile(path: string, hint: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return
  throw new InputError({
    at: path,
    expected: 'a file that does not exist yet',
    received: 'one that does',
    hint,
  })
}

/** Makes a directory that must not exist yet. */
export async function makeFresh(path: string, hint: string): Promise<void> {
  await checkFree(path, hint)
  await makeDirectory(dirname(path))
  await mkdir(path).catch((error) => refuseDirectory(path, error))
}

/** Writes files by their paths within a directory, each beside its place and then renamed; returns the whole paths. */
export async function writeFiles(
  directory: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<string[]> {
  for (const [name, content] of files) {
    const path = join(directory, name)
    await makeDirectory(dirname(path))
    await writeWhole(path, content, { flush: false }) // what is lost can be drawn again
  }
  return [...files.keys()].map((path) => join(directory, path))
}
