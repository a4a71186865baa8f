import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { assemble, label } from './assemble.ts'
import { readClassNames } from './class-names.ts'
import type { Dataset, LabelledImages } from './dataset.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'
import { readBytes } from './read-file.ts'

/** The names of MNIST's files; `.gz` may follow, and a dot may stand for the hyphen before `idx`. */
const names = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const

/** Reads a folder of four IDX files named as MNIST's are, plain or gzip; `classes.txt` may name the classes. */
export async function loadIdx(source: string, directory: string): Promise<Dataset> {
  const present = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(
      {
        at: directory,
        expected: `a folder with the files ${expected()}`,
        received: { ENOENT: 'no folder', ENOTDIR: 'a file' }[cause.code ?? ''] ?? cause.message,
      },
      { cause },
    )
  })
  const files = locate(directory, present)
  const train = await readPart(directory, files.train)
  const test = await readPart(directory, files.test)
  const classNames = await readClassNames(directory, present, train.labels)
  return assemble({ source, title: basename(resolve(directory)), classNames, train, test })
}

type Pair = readonly [images: string, labels: string]

function locate(directory: string, present: readonly string[]): { train: Pair; test: Pair } {
  const missing: string[] = []
  const find = (name: string): string => {
    const stems = [name, name.replace('-idx', '.idx')]
    const file = stems.flatMap((stem) => [stem, `${stem}.gz`]).find((each) => present.includes(each))
    if (file === undefined) missing.push(name)
    return join(directory, file ?? name)
  }
  const pair = ([images, labels]: Pair): Pair => [find(images), find(labels)]
  const files = { train: pair(names.train), test: pair(names.test) }
  if (missing.length === 0) return files
  throw new InputError({
    at: directory,
    expected: `the files ${expected()}`,
    received: present.length === 0 ? 'an empty folder' : `no ${missing.join(', no ')}`,
    hint: 'Each may be plain or end in .gz.',
  })
}

async function readPart(directory: string, [imagesFile, labelsFile]: Pair): Promise<LabelledImages> {
  const images = parseIdxImages(await readBytes(imagesFile), imagesFile)
  return label(
    images,
    parseIdxLabels(await readBytes(labelsFile), labelsFile),
    `${directory}, ${basename(imagesFile)}`,
  )
}

function expected(): string {
  return Object.values(names).flat().join(', ')
}
