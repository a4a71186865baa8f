import { join } from 'node:path'
import type { Dataset } from './dataset.ts'
import { findSet } from './find.ts'
import { type KnownSet, readKnownSet } from './known-set.ts'
import type { LoadOptions } from './load-options.ts'
import { readBytes } from './read-file.ts'
import { processSurroundings } from './surroundings.ts'

/** Finds a published set, or fetches it, and reads it; wherever its files lie, their MD5s are checked. */
export async function loadKnown(
  set: KnownSet,
  source: string,
  directory: string | undefined,
  { surroundings = processSurroundings(), onProgress, signal }: LoadOptions,
): Promise<Dataset> {
  const found = await findSet(set, surroundings, { directory, onProgress, signal })
  const path = (name: string) => join(found, name)
  return readKnownSet(set, source, {
    ...{ place: found, path },
    read: (file) => readBytes(path(file.name), file),
  })
}
