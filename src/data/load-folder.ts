import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { decodeImages, formOf, type ImageForm } from '../pictures/decode-images.ts'
import { assemble } from './assemble.ts'
import type { Dataset, LabeledImages } from './dataset.ts'
import { holdOut } from './hold-out.ts'

/** In pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** The names of the files that a folder is searched for. */
export const pictures = /\.(avif|gif|jpe?g|png|tiff?|webp)$/i

/**
 * Reads pictures from one sub-folder a class, in `DIR/train` and `DIR/test` when both exist, else in DIR itself, of
 * which a fifth is held out. All take the size given, or the size of the first.
 */
export async function loadFolder(source: string, directory: string, size?: ImageSize): Promise<Dataset> {
  const top = await subFolders(directory)
  const isSplit = top.includes('train') && top.includes('test')
  const root = isSplit ? join(directory, 'train') : directory
  const classNames = isSplit ? await subFolders(root) : top
  const files = await listPictures(root, classNames)
  const form = await formOf(files[0].file, size)
  const title = basename(resolve(directory))
  const images = await read(files, form)
  if (!isSplit) return assemble({ source, title, classNames, ...holdOut(images, directory) })
  const test = await listPictures(
    join(directory, 'test'),
    await testClasses(join(directory, 'test'), classNames),
  )
  return assemble({ source, title, classNames, train: images, test: await read(test, form) })
}

interface Picture {
  readonly file: string
  readonly label: number
}

/** Every picture of every class, classes and files in the order of their names. */
async function listPictures(root: string, classNames: readonly (string | undefined)[]): Promise<Picture[]> {
  const found: Picture[] = []
  for (const [label, name] of classNames.entries()) {
    if (name === undefined) continue
    const files = (await readdir(join(root, name))).filter((file) => pictures.test(file)).sort()
    found.push(...files.map((file) => ({ file: join(root, name, file), label })))
  }
  if (found.length > 0) return found
  throw new InputError({
    at: root,
    expected: 'one sub-folder a class with pictures in it (png, jpg, webp, gif, tiff, avif)',
    received: classNames.length === 0 ? 'no sub-folder' : 'no picture',
  })
}

async function read(files: readonly Picture[], form: ImageForm): Promise<LabeledImages> {
  const pixels = await decodeImages(
    files.map(({ file }) => file),
    form,
  )
  return { ...form, count: files.length, pixels, labels: Uint8Array.from(files, ({ label }) => label) }
}

/** The classes of training, undefined where the test has none of their images; it may not have others. */
async function testClasses(root: string, classNames: readonly string[]): Promise<(string | undefined)[]> {
  const present = await subFolders(root)
  const unknown = present.filter((name) => !classNames.includes(name))
  if (unknown.length === 0) return classNames.map((name) => (present.includes(name) ? name : undefined))
  throw new InputError({
    at: root,
    expected: 'the classes of the training images',
    received: unknown.join(', '),
  })
}

async function subFolders(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(
      {
        at: directory,
        expected: 'a folder with one sub-folder a class',
        received: cause.code ?? cause.message,
      },
      { cause },
    )
  })
  const isFolder = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        (entry) => entry.isDirectory(),
        () => false, // a link that leads nowhere
      ),
    ),
  )
  return names.filter((name, i) => isFolder[i] && !name.startsWith('.')).sort()
}
