import { InputError } from '../base/errors.ts'
import type { FormWish } from '../pictures/form-wish.ts'
import { assemble, label } from './assemble.ts'
import { classNamesAmong } from './class-names.ts'
import type { Dataset, LabeledImages } from './dataset.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'

/** The names of MNIST's files; `.gz` may follow, and a dot may stand for the hyphen before `idx`. */
const names = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const

/** Some files in one place, be it a folder on a disk or what was dropped on a page. */
export interface FileSet {
  /** The place in errors. */
  readonly place: string
  readonly present: readonly string[]
  /** One of the files as errors name it. */
  path(name: string): string
  /** Its bytes, unpacked where it is gzip. */
  read(name: string): Promise<Uint8Array>
  /** What is asked for of the form of its pictures. */
  readonly wish?: FormWish
}

/** Reads four IDX files named as MNIST's are, plain or gzip; `classes.txt` may name the classes. */
export async function readIdxSet(source: string, title: string, files: FileSet): Promise<Dataset> {
  const parts = locate(files)
  const train = await readPart(files, parts.train)
  const test = await readPart(files, parts.test)
  const classNames = await classNamesAmong(files, train.labels)
  return assemble({ source, title, classNames, train, test, ...(files.wish && { wish: files.wish }) })
}

type Pair = readonly [images: string, labels: string]

function locate({ place, present }: FileSet): { train: Pair; test: Pair } {
  const missing: string[] = []
  const find = (name: string): string => {
    const stems = [name, name.replace('-idx', '.idx')]
    const file = stems.flatMap((stem) => [stem, `${stem}.gz`]).find((each) => present.includes(each))
    if (file === undefined) missing.push(name)
    return file ?? name
  }
  const pair = ([images, labels]: Pair): Pair => [find(images), find(labels)]
  const files = { train: pair(names.train), test: pair(names.test) }
  if (missing.length === 0) return files
  throw new InputError({
    at: place,
    expected: `the files ${idxFileNames()}`,
    received: present.length === 0 ? 'an empty folder' : `no ${missing.join(', no ')}`,
    hint: 'Each may be plain or end in .gz.',
  })
}

async function readPart(files: FileSet, [imagesFile, labelsFile]: Pair): Promise<LabeledImages> {
  const images = parseIdxImages(await files.read(imagesFile), files.path(imagesFile))
  const labels = parseIdxLabels(await files.read(labelsFile), files.path(labelsFile))
  return label(images, labels, `${files.place}, ${imagesFile}`)
}

/** The files that a set consists of, for errors and help. */
export function idxFileNames(): string {
  return Object.values(names).flat().join(', ')
}
