import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTrouble } from '../base/directory.ts'
import { InputError } from '../base/errors.ts'
import { isPictureName } from '../pictures/picture-file.ts'

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
      else if (entry.isFile() && isPictureName(entry.name)) found.push(join(at, entry.name))
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
