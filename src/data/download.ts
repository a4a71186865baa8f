import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import type { KnownSet } from './known-set.ts'

/** How far a download has come. */
export interface DownloadEvent {
  readonly file: string
  /** Bytes of this file on the disk, those of an earlier attempt included. */
  readonly bytes: number
  /** Bytes of the whole file; undefined when the server does not say. */
  readonly total: number | undefined
}

/** How to reach the net, and how to stop. */
export interface DownloadOptions {
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
}

/** A published file to be had. */
interface Wanted {
  readonly url: string
  readonly name: string
  readonly md5: string
  readonly target: string
}

/** Fresh starts after a cut, each of which must have brought something. */
const MOST_CUTS = 5

/**
 * Brings the files of a set that the folder lacks. A file grows as `NAME.part`, which a later attempt goes on with, and
 * gets its name only when its MD5 is right.
 */
export async function* download(
  set: KnownSet,
  directory: string,
  options: DownloadOptions = {},
): AsyncGenerator<DownloadEvent> {
  await makeDirectory(directory)
  for (const { name, md5 } of Object.values(set.files)) {
    const target = join(directory, name)
    if ((await sizeOf(target)) === undefined)
      yield* bring({ url: new URL(name, set.address).href, name, md5, target }, options)
  }
}

async function* bring(wanted: Wanted, options: DownloadOptions): AsyncGenerator<DownloadEvent> {
  const part = `${wanted.target}.part`
  for (let cuts = 0; ; cuts++) {
    const before = (await sizeOf(part)) ?? 0
    try {
      yield* append(wanted, part, before, options)
      break
    } catch (cause) {
      const after = (await sizeOf(part)) ?? 0
      if (options.signal?.aborted || cuts >= MOST_CUTS || after <= before) throw cause
    }
  }
  await checkPart(wanted, part)
  await rename(part, wanted.target)
}

async function* append(
  { url, name }: Wanted,
  part: string,
  start: number,
  { fetch = globalThis.fetch, signal }: DownloadOptions,
): AsyncGenerator<DownloadEvent> {
  const headers = start > 0 ? { Range: `bytes=${start}-` } : {}
  const response = await fetch(url, { headers, ...(signal && { signal }) })
  // 416: the part is already as long as the file, or longer; its MD5 tells which.
  if (response.status === 416) return response.body?.cancel()
  if (!response.ok || response.body === null)
    throw new Error(`${url} answered ${response.status} ${response.statusText}`)
  const resumes = response.status === 206
  const length = response.headers.get('content-length')
  let bytes = resumes ? start : 0
  const total = length === null ? undefined : bytes + Number(length)
  const file = await open(part, resumes ? 'a' : 'w')
  try {
    for await (const chunk of response.body) {
      await file.write(chunk)
      bytes += chunk.length
      yield { file: name, bytes, total }
    }
  } finally {
    await file.close()
  }
}

async function checkPart({ url, md5 }: Wanted, part: string): Promise<void> {
  const hash = createHash('md5')
  for await (const chunk of createReadStream(part)) hash.update(chunk as Uint8Array)
  const received = hash.digest('hex')
  if (received === md5) return
  await rm(part)
  throw new InputError({
    at: url,
    expected: `a file of MD5 ${md5}`,
    received,
    hint: 'It was deleted. Try again; if it happens twice, something between here and the server changes the file.',
  })
}

/** The bytes of a file; undefined where nothing lies there. What is no file is refused: a pipe would be waited for. */
async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.isFile()) return found?.size
  throw new InputError({ at: path, expected: 'a file, or nothing', received: 'something that is no file' })
}
