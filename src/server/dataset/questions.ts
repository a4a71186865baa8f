import type {
  DatasetAnswer,
  DuplicatesAnswer,
  ImagesAnswer,
  SpriteRecord,
  TestImagesAnswer,
} from '../../catalog/answers.ts'
import { picturesAt } from '../../data/audit/show.ts'
import type { Dataset } from '../../data/dataset.ts'
import { judgeBalance, valueRange } from '../../data/explore.ts'
import { writeIdxImages, writeIdxLabels } from '../../data/idx.ts'
import { pixelsAt } from '../../data/images.ts'
import { cellOf, handOver, imagesOf } from '../../evaluation/after-evaluation.ts'
import { duplicatesOf, histogramOf, meansOf, positionsOf } from './facts.ts'
import type { FileName } from './file-names.ts'
import { spriteOf } from './sprite.ts'

/** Training images: those of given numbers, else a page of all or of a class. */
export interface ImagesQuery {
  readonly indices?: readonly number[] | undefined
  readonly class?: number | undefined
  readonly page: number
  readonly size: number
}

/** Test images: those of given numbers, else a cell of the confusion matrix. */
export interface TestImagesQuery {
  /** The class that the network gave to each test image. */
  readonly predicted?: readonly number[] | undefined
  readonly indices?: readonly number[] | undefined
  readonly cell?: { readonly truth: number; readonly said: number; readonly most: number } | undefined
}

/** The images of some places, as `picturesAt` has them. */
type Places = Parameters<typeof picturesAt>[1]

async function describe(dataset: Dataset): Promise<Omit<DatasetAnswer, 'id'>> {
  const { source, title, hash, classNames, train, test } = dataset
  const perClass = positionsOf(dataset).map(({ length }) => length)
  return {
    ...{ source, title, hash, height: train.height, width: train.width, channels: train.channels },
    counts: { train: train.count, test: test.count },
    classes: classNames.map((name, label) => ({
      ...{ label, name, train: perClass[label], test: test.classCounts[label] },
    })),
    balance: judgeBalance(perClass),
    range: valueRange(train),
    histogram: histogramOf(dataset),
    meanImages: await meansOf(dataset),
  }
}

async function images(dataset: Dataset, query: ImagesQuery): Promise<ImagesAnswer> {
  const { train } = dataset
  const { height, width, channels, labels } = train
  const { wanted, total } = numbersOf(dataset, query)
  const pixels = pixelsAt(train, wanted)
  return {
    ...(await spriteOf({ count: wanted.length, height, width, channels, pixels })),
    total,
    items: wanted.map((index) => ({ index, label: labels[index] })),
  }
}

/** The numbers of the wanted training images, and how many all pages have. */
function numbersOf(dataset: Dataset, { indices, class: label, page, size }: ImagesQuery) {
  const { count } = dataset.train
  const from = page * size
  if (indices !== undefined) {
    const wanted = indices.filter((i) => i < count)
    return { wanted, total: wanted.length }
  }
  if (label !== undefined) {
    const all = positionsOf(dataset)[label] ?? []
    return { wanted: all.slice(from, from + size), total: all.length }
  }
  const length = Math.max(0, Math.min(size, count - from))
  return { wanted: Array.from({ length }, (_, i) => from + i), total: count }
}

function duplicates(dataset: Dataset): Omit<DuplicatesAnswer, 'near'> {
  const { groups, ...rest } = duplicatesOf(dataset)
  const { labels } = dataset.train
  return { ...rest, groups: groups.map((group) => group.map((index) => ({ index, label: labels[index] }))) }
}

function picturesOf(dataset: Dataset, places: Places): Promise<SpriteRecord> {
  const { height, width, channels } = dataset.train
  const pixels = picturesAt(dataset, places)
  return spriteOf({ count: places.length, height, width, channels, pixels })
}

async function testImages(
  { test }: Dataset,
  { predicted, indices, cell }: TestImagesQuery,
): Promise<TestImagesAnswer> {
  const inCell = cell && predicted ? cellOf(test, predicted, cell.truth, cell.said) : []
  const found = imagesOf(test, indices ?? inCell.slice(0, cell?.most))
  return {
    ...(await spriteOf(found)),
    total: indices === undefined ? inCell.length : found.count,
    items: found.indices.map((index, k) => ({
      ...{ index, label: found.labels[k], predicted: predicted?.[index] ?? null },
    })),
  }
}

/** One of the set's files; undefined where its images have colors, which these files cannot hold. */
function file({ train, test }: Dataset, name: FileName): Uint8Array | undefined {
  if (train.channels !== 1) return undefined
  switch (name) {
    case 'train-images-idx3-ubyte':
      return writeIdxImages(train)
    case 'train-labels-idx1-ubyte':
      return writeIdxLabels(train.labels)
    case 't10k-images-idx3-ubyte':
      return handOver(test).images
    default:
      return handOver(test).labels
  }
}

/** What can be asked of a dataset: each answer is data. A new one is a row. */
export const questions = {
  hash: ({ hash }: Dataset) => hash,
  describe,
  images,
  duplicates,
  picturesOf,
  testImages,
  file,
}
