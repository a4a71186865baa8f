import { rmSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputError } from './errors.ts'

/** Makes a directory and those above it, where they are missing. (`mkdir` with `recursive` never returns below /proc.) */
export async function makeDirectory(path: string): Promise<void> {
  const isThere = () =>
    stat(path)
      .then((found) => found.isDirectory())
      .catch(() => false)
  if (await isThere()) return
  if (dirname(path) !== path) await makeDirectory(dirname(path))
  await mkdir(path).catch(async (error) => {
    if (!(await isThere())) refuseDirectory(path, error)
  })
}

/** Throws the error that says where a directory cannot be made, and why. */
export function refuseDirectory(path: string, error: NodeJS.ErrnoException): never {
  const parts = {
    at: path,
    expected: 'a directory that can be made',
    received: error.code === 'ENOENT' ? 'a place where nothing can be made' : fileTrouble(error),
    hint: 'Choose a place where you may write.',
  }
  throw new InputError(parts, { cause: error })
}

/** Takes a file away, where there is one; a directory is somebody's, and is refused. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    const parts = { at: path, expected: 'a file that may be taken away', received: fileTrouble(error) }
    throw new InputError(parts, { cause: error })
  }
}

/** What is wrong with a file or a directory, in words: of an error of `node:fs`. */
export function fileTrouble(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const words: Record<string, string> = {
    ENOENT: 'nothing there',
    EACCES: 'no permission',
    EEXIST: 'a file',
    EISDIR: 'a directory',
    ERR_FS_EISDIR: 'a directory',
    ENOTFILE: 'something that is no file',
    EFBIG: 'a file that is too large',
    ELINK: 'a link',
    ELOOP: 'a link that leads in a circle',
    ENOTDIR: 'a path through a file',
    EROFS: 'a read-only disk',
    ENOSPC: 'a full disk',
  }
  return words[code ?? ''] ?? message
}
