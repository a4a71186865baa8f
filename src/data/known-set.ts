import { assemble, label } from './assemble.ts'
import type { Dataset, LabeledImages } from './dataset.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'

/** Which part of a set a file holds. */
export type FileRole = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels'

/** A published set of four IDX files: where it is, and how we know that we have it. */
export interface KnownSet {
  /** The name on the command line, and of the set's folder in a data folder or the cache. */
  readonly name: string
  readonly title: string
  readonly classNames: readonly string[]
  /** The folder on the net that holds the files; ends with a slash. */
  readonly address: string
  readonly files: Readonly<Record<FileRole, PublishedFile>>
}

/** A file as its publisher announces it. */
export interface PublishedFile {
  readonly name: string
  readonly md5: string
}

/** Where the files of a set lie, be it a folder or a server. */
export interface KnownFiles {
  /** The place in errors. */
  readonly place: string
  /** A file as errors name it. */
  path(name: string): string
  /** Its bytes, unpacked. */
  read(file: PublishedFile): Promise<Uint8Array>
}

/** Reads the four files of a published set. */
export async function readKnownSet(set: KnownSet, source: string, files: KnownFiles): Promise<Dataset> {
  const train = await readPart(set, files, 'trainImages', 'trainLabels')
  const test = await readPart(set, files, 'testImages', 'testLabels')
  return assemble({ source, title: set.title, classNames: set.classNames, train, test })
}

async function readPart(
  { files }: KnownSet,
  { place, path, read }: KnownFiles,
  imagesRole: FileRole,
  labelsRole: FileRole,
): Promise<LabeledImages> {
  const [imagesFile, labelsFile] = [files[imagesRole], files[labelsRole]]
  const images = parseIdxImages(await read(imagesFile), path(imagesFile.name))
  return label(images, parseIdxLabels(await read(labelsFile), path(labelsFile.name)), place)
}
