import { join } from 'node:path'
import { assemble, label } from './assemble.ts'
import type { Dataset, LabelledImages } from './dataset.ts'
import { findSet } from './find.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'
import type { FileRole, KnownSet } from './known-set.ts'
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
  const [train, test] = [
    await readPart(set, found, 'trainImages', 'trainLabels'),
    await readPart(set, found, 'testImages', 'testLabels'),
  ]
  return assemble({ source, title: set.title, classNames: set.classNames, train, test })
}

async function readPart(
  { files }: KnownSet,
  directory: string,
  imagesRole: FileRole,
  labelsRole: FileRole,
): Promise<LabelledImages> {
  const [imagesFile, labelsFile] = [files[imagesRole], files[labelsRole]]
  const [imagesPath, labelsPath] = [join(directory, imagesFile.name), join(directory, labelsFile.name)]
  const images = parseIdxImages(await readBytes(imagesPath, imagesFile), imagesPath)
  return label(images, parseIdxLabels(await readBytes(labelsPath, labelsFile), labelsPath), directory)
}
