import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, resolve, sep } from 'node:path'
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
  const folders = isSplit ? await subFolders(root) : top
  const { classNames, filesOf, notes } = await classesIn(root, folders)
  const files = listed(filesOf, root, folders.length)
  const parts = isSplit
    ? { train: files, test: await testPictures(join(directory, 'test'), classNames) }
    : heldOut(files, directory, classNames)
  const { form, pixels } = await readTrainingPictures(pathsOf(parts.train), wish)
  const train = labeled(parts.train, form, pixels)
  const test = labeled(parts.test, form, await readPictures(pathsOf(parts.test), form))
  return assemble({ source, title: basename(resolve(directory)), classNames, train, test, form, notes })
}

/** The pictures in a folder and the folders in it, in the order of their paths; hidden ones are passed over. */
async function picturesIn(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((name) => isPictureName(basename(name)))
}

/**
 * The files in a folder and in those below it, in the order of their paths; hidden ones are passed over. A link to a folder
 * is followed, but not to one that was looked at or that this one lies in: links may lead in circles.
 */
async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = []
  const root = await realpath(folder)
  const seen = new Set([root])
  const visit = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true })
    const shown = entries
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of shown) {
      const path = join(at, entry.name)
      const isFolder = entry.isSymbolicLink() ? await leadsToFolder(path) : entry.isDirectory()
      if (!isFolder) {
        found.push(path)
        continue
      }
      const real = await realpath(path)
      if (seen.has(real) || root.startsWith(`${real}${sep}`)) continue
      seen.add(real)
      await visit(path)
    }
  }
  await visit(folder)
  return found.sort()
}

const leadsToFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** The folders that hold pictures, with these: they are the classes. The others are told with what lies in them. */
async function classesIn(root: string, folders: readonly string[]) {
  const classNames: string[] = []
  const filesOf: string[][] = []
  const notes: string[] = []
  for (const name of folders) {
    const folder = join(root, name)
    const files = await picturesIn(folder)
    if (files.length === 0)
      notes.push(`${folder} is no class: it holds ${await contentOf(folder)}, and no picture.`)
    else {
      classNames.push(name)
      filesOf.push(files)
    }
  }
  return { classNames, filesOf, notes }
}

/** `10 files .bmp, 1 file .txt`. */
async function contentOf(folder: string): Promise<string> {
  const counts = new Map<string, number>()
  for (const file of await filesBelow(folder)) {
    const kind = extname(file).toLowerCase() || 'without an ending'
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const words = Array.from(counts, ([kind, count]) => `${count} ${count === 1 ? 'file' : 'files'} ${kind}`)
  return words.join(', ') || 'nothing'
}

interface Picture {
  readonly file: string
  readonly label: number
}

/** Every picture of every class, from the files of each; refuses none at all among so many folders. */
function listed(filesOf: readonly (readonly string[])[], root: string, folders: number): Picture[] {
  const found = filesOf.flatMap((files, label) => files.map((file) => ({ file, label })))
  if (found.length > 0) return found
  throw new InputError({
    at: root,
    expected: 'one sub-folder a class with pictures in it (png, jpg, webp, gif, tiff, avif)',
    received: folders === 0 ? 'no sub-folder' : 'no picture',
  })
}

const pathsOf = (pictures: readonly Picture[]) => pictures.map(({ file }) => file)

function heldOut(
  files: readonly Picture[],
  at: string,
  classNames: readonly string[],
): Record<'train' | 'test', readonly Picture[]> {
  const { train, test } = positionsOf({ labels: labelsOf(files) }, at, classNames)
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

/** The pictures of the classes of training, of which some may have none here; there may not be others. */
async function testPictures(root: string, classNames: readonly string[]): Promise<Picture[]> {
  const present = await subFolders(root)
  const unknown = present.filter((name) => !classNames.includes(name))
  if (unknown.length === 0) {
    const files = classNames.map((name) => (present.includes(name) ? picturesIn(join(root, name)) : []))
    return listed(await Promise.all(files), root, classNames.length)
  }
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
  // A zip made on a Mac has a folder beside the others that holds no pictures of anybody's.
  return names.filter((name, i) => isFolder[i] && !name.startsWith('.') && name !== '__MACOSX').sort()
}
