import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { PictureForm } from '../pictures/form.ts'
import type { FormWish } from '../pictures/form-wish.ts'
import { isPictureName } from '../pictures/picture-file.ts'
import { readPictures, readTrainingPictures } from '../pictures/read-pictures.ts'
import { assemble } from './assemble.ts'
import type { Dataset, LabeledImages } from './dataset.ts'
import { positionsOf } from './hold-out.ts'

/**
 * Reads pictures from one sub-folder a class, in `DIR/train` and `DIR/test` when both exist, else in DIR itself, of
 * which a fifth is held out. All come in one form: as asked for, and else as it is measured on the training pictures.
 */
export async function loadFolder(source: string, directory: string, wish: FormWish): Promise<Dataset> {
  const top = await subFolders(directory)
  const isSplit = top.includes('train') && top.includes('test')
  const root = isSplit ? join(directory, 'train') : directory
  const classNames = isSplit ? await subFolders(root) : top
  const files = await listPictures(root, classNames)
  const parts = isSplit
    ? { train: files, test: await testPictures(join(directory, 'test'), classNames) }
    : heldOut(files, directory)
  const { form, pixels } = await readTrainingPictures(pathsOf(parts.train), wish)
  const train = labeled(parts.train, form, pixels)
  const test = labeled(parts.test, form, await readPictures(pathsOf(parts.test), form))
  return assemble({ source, title: basename(resolve(directory)), classNames, train, test, form })
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
    const files = (await readdir(join(root, name))).filter(isPictureName).sort()
    found.push(...files.map((file) => ({ file: join(root, name, file), label })))
  }
  if (found.length > 0) return found
  throw new InputError({
    at: root,
    expected: 'one sub-folder a class with pictures in it (png, jpg, webp, gif, tiff, avif)',
    received: classNames.length === 0 ? 'no sub-folder' : 'no picture',
  })
}

const pathsOf = (pictures: readonly Picture[]) => pictures.map(({ file }) => file)

function heldOut(files: readonly Picture[], at: string): Record<'train' | 'test', readonly Picture[]> {
  const { train, test } = positionsOf({ labels: labelsOf(files) }, at)
  const pick = (positions: Int32Array) => Array.from(positions, (i) => files[i])
  return { train: pick(train), test: pick(test) }
}

const labelsOf = (pictures: readonly Picture[]) => Uint8Array.from(pictures, ({ label }) => label)

function labeled(
  pictures: readonly Picture[],
  { height, width, channels }: PictureForm,
  pixels: Uint8Array,
): LabeledImages {
  return { count: pictures.length, height, width, channels, pixels, labels: labelsOf(pictures) }
}

const testPictures = async (root: string, classNames: readonly string[]) =>
  listPictures(root, await testClasses(root, classNames))

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
