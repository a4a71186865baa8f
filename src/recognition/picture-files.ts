import { constants } from 'node:fs'
import { lstat, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTrouble } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import { pictures } from '../data/load-folder.ts'

/** The bytes that a picture's file may have. */
const MOST_BYTES = 64 * 2 ** 20

/**
 * The files behind some names: a file stands for itself, a folder for the pictures in it and below, in the order of their
 * names. Links within a folder are not followed, they may lead anywhere; nor are hidden files looked at.
 */
export async function pictureFiles(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const isFolder = (await stat(name).catch(() => undefined))?.isDirectory() === true
      return isFolder ? picturesBelow(name) : [name]
    }),
  )
  return found.flat()
}

async function picturesBelow(folder: string): Promise<string[]> {
  const found: string[] = []
  const open = [folder]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of await entriesOf(at)) {
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory()) open.push(join(at, entry.name))
      else if (entry.isFile() && pictures.test(entry.name)) found.push(join(at, entry.name))
    }
  }
  if (found.length > 0) return found.sort()
  const expected = 'a folder with pictures in it (png, jpg, webp, gif, tiff, avif)'
  throw new InputError({ at: folder, expected, received: 'no picture' })
}

const entriesOf = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((cause) => {
    const expected = 'a folder that may be read'
    throw new InputError({ at: folder, expected, received: fileTrouble(cause) }, { cause })
  })

/** The bytes of a picture's file. Throws an InputError where it is none, or too large; devices and pipes are not waited for. */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  const refused = (received: string, cause?: unknown) =>
    new InputError({ at: path, expected: 'a picture', received }, { cause })
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(async (cause) => {
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true
    const leadsNowhere = isLink && ['ENOENT', 'ELOOP'].includes(cause.code)
    throw refused(leadsNowhere ? 'a link that leads nowhere' : fileTrouble(cause), cause)
  })
  try {
    const { size, ...found } = await file
      .stat()
      .then((stats) => ({ size: stats.size, isFile: stats.isFile() }))
    if (!found.isFile) throw refused('something that is no file')
    if (size > MOST_BYTES)
      throw refused(`a file of ${Math.round(size / 2 ** 20)} MiB, beyond ${MOST_BYTES / 2 ** 20}`)
    const bytes = new Uint8Array(size)
    const { bytesRead } = await file.read(bytes, 0, size, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
