import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { FormWish } from '../pictures/form-wish.ts'
import type { Dataset } from './dataset.ts'
import { idxFileNames, readIdxSet } from './idx-set.ts'
import { readBytes } from './read-file.ts'

/** Reads a folder of four IDX files named as MNIST's are, plain or gzip; `classes.txt` may name the classes. */
export async function loadIdx(source: string, directory: string, wish: FormWish): Promise<Dataset> {
  const present = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(
      {
        at: directory,
        expected: `a folder with the files ${idxFileNames()}`,
        received: { ENOENT: 'no folder', ENOTDIR: 'a file' }[cause.code ?? ''] ?? cause.message,
      },
      { cause },
    )
  })
  const path = (name: string) => join(directory, name)
  return readIdxSet(source, basename(resolve(directory)), {
    ...{ place: directory, present, path, wish },
    read: (name) => readBytes(path(name)),
  })
}
