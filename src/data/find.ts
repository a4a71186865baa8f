import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { download } from './download.ts'
import type { KnownSet } from './known-set.ts'
import type { LoadOptions } from './load-options.ts'
import { cacheDirectory, type Surroundings } from './surroundings.ts'

/** The set is neither on this machine nor to be had from the net. A study may go on with another set. */
export class MissingDataError extends InputError {
  override readonly name = 'MissingDataError'
}

/** Where to look, and whom to tell. */
export interface FindOptions extends Pick<LoadOptions, 'onProgress' | 'signal'> {
  /** A folder that the user named: looked at alone, and must be complete. */
  readonly directory?: string | undefined
}

/**
 * The folder that holds all files of a published set: the one named, else `$ATELIER_DATA/SET`, else the cache, else
 * the cache after a download.
 */
export async function findSet(
  set: KnownSet,
  surroundings: Surroundings,
  { directory, onProgress, signal }: FindOptions = {},
): Promise<string> {
  if (directory !== undefined) return complete(set, directory)
  const given = await givenDirectory(set, surroundings)
  if (given !== undefined) return complete(set, given)
  const cache = join(cacheDirectory(surroundings), set.name)
  if ((await missingFiles(set, cache))?.length === 0) return cache
  try {
    const options = { fetch: surroundings.fetch, ...(signal && { signal }) }
    for await (const event of download(set, cache, options)) onProgress?.(event)
  } catch (cause) {
    // A cache that cannot be made is as good as no network; a file of the wrong kind is not.
    const isThere = (await stat(cache).catch(() => undefined))?.isDirectory() === true
    if ((cause instanceof InputError && isThere) || signal?.aborted) throw cause
    throw notToBeHad(set, cache, surroundings, cause)
  }
  return cache
}

/** Where a published set lies on this machine, whole, without asking the net; undefined where it does not. */
export async function locateSet(set: KnownSet, surroundings: Surroundings): Promise<string | undefined> {
  const { ATELIER_DATA: folder } = surroundings.environment
  const places = [...(folder ? [join(folder, set.name)] : []), join(cacheDirectory(surroundings), set.name)]
  for (const place of places) if ((await missingFiles(set, place))?.length === 0) return place
  return undefined
}

/** `$ATELIER_DATA/SET` where it exists; a data folder that does not exist is a slip of the pen, and said at once. */
async function givenDirectory(set: KnownSet, { environment }: Surroundings): Promise<string | undefined> {
  const folder = environment.ATELIER_DATA
  if (!folder) return undefined
  if ((await entries(folder)) === undefined) {
    throw new InputError({
      at: 'ATELIER_DATA',
      expected: 'a folder with one sub-folder a dataset',
      received: `"${folder}", which is none`,
    })
  }
  const directory = join(folder, set.name)
  return (await entries(directory)) === undefined ? undefined : directory
}

async function complete(set: KnownSet, directory: string): Promise<string> {
  const missing = await missingFiles(set, directory)
  if (missing?.length === 0) return directory
  const names = Object.values(set.files).map(({ name }) => name)
  throw new InputError({
    at: directory,
    expected: `the ${names.length} files of ${set.title}: ${names.join(', ')}`,
    received:
      missing === undefined
        ? 'no folder'
        : missing.length === names.length
          ? 'none of them'
          : `all but ${missing.join(', ')}`,
    hint: `They are published at ${set.address}`,
  })
}

async function missingFiles(set: KnownSet, directory: string): Promise<string[] | undefined> {
  const present = await entries(directory)
  if (present === undefined) return undefined
  return Object.values(set.files).flatMap(({ name }) => (present.includes(name) ? [] : [name]))
}

async function entries(directory: string): Promise<string[] | undefined> {
  return readdir(directory).catch(() => undefined)
}

function notToBeHad(
  set: KnownSet,
  cache: string,
  { environment }: Surroundings,
  cause: unknown,
): MissingDataError {
  const searched = environment.ATELIER_DATA
    ? `ATELIER_DATA (${environment.ATELIER_DATA})`
    : 'ATELIER_DATA (not set)'
  return new MissingDataError(
    {
      at: set.name,
      expected: `${set.title} in ${searched}, in the cache (${cache}) or at ${set.address}`,
      received: `nothing (${reasonOf(cause)})`,
      hint: `Set ATELIER_DATA to a folder with a sub-folder ${set.name}, put the four files into the cache, or use --data silhouettes.`,
    },
    { cause },
  )
}

/** fetch hides the reason (a name not found, a connection refused…) one or two causes deep. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return reasonOf(error.cause)
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name)
}
