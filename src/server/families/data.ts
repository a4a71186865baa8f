import { z } from 'zod'
import {
  datasetAnswer,
  datasetsAnswer,
  duplicatesAnswer,
  imagesAnswer,
  type NearRecord,
  suspectsAnswer,
  testImagesAnswer,
} from '../../catalog/answers.ts'
import { readManifest, readTest } from '../../catalog/run-row.ts'
import { picturesAt, picturesOf, worthShowing } from '../../data/audit/show.ts'
import type { Dataset } from '../../data/dataset.ts'
import { findDuplicates } from '../../data/duplicates.ts'
import { judgeBalance, meanImages, valueRange } from '../../data/explore.ts'
import { writeIdxImages, writeIdxLabels } from '../../data/idx.ts'
import type { Images } from '../../data/images.ts'
import { pixelsAt } from '../../data/images.ts'
import { cellOf, handOver, imagesOf } from '../../evaluation/after-evaluation.ts'
import { Problem } from '../problem.ts'
import { json, reply } from '../reply.ts'
import { route } from '../route.ts'
import { empty } from '../router.ts'
import type { Services } from '../services.ts'
import { spriteOf } from '../sprite.ts'
import { placeOf } from './runs.ts'

const id = z.string().min(1).max(1000)
const params = z.object({ id })
/** Most images of one answer. */
const MOST = 500
const size = z.coerce.number().int().min(1).max(MOST).default(100)
const classNumber = z.coerce.number().int().min(0).max(255)
const indexList = z.string().regex(/^\d+(,\d+)*$/, 'numbers with commas between')

const numbersOf = (text: string) => text.split(',').slice(0, MOST).map(Number)

async function setOf({ shelf }: Services, id: string): Promise<Dataset> {
  const found = await shelf.open(id)
  if (found !== undefined) return found
  throw new Problem(404, `There is no dataset ${JSON.stringify(id.slice(0, 200))} here.`, {
    hint: 'Start the server with --data SOURCE.',
  })
}

/** What is worked out once for a set. */
function once<T>(work: (dataset: Dataset) => T) {
  const known = new WeakMap<Dataset, { readonly value: T }>()
  return (dataset: Dataset): T => {
    const found = known.get(dataset) ?? { value: work(dataset) }
    known.set(dataset, found)
    return found.value
  }
}

const duplicatesOf = once(({ train }) => findDuplicates(train))

const histogramOf = once(({ train }) => {
  const counts = new Array<number>(256).fill(0)
  for (const byte of train.pixels) counts[byte] += 1
  return counts
})

const meansOf = once(({ train, classNames }) => {
  const means = meanImages(train, classNames)
  const { height, width, channels } = train
  const pixels = Uint8Array.from(
    means.flatMap(({ values }) => Array.from(values, (v) => Math.round(255 * v))),
  )
  return spriteOf({ count: means.length, height, width, channels, pixels })
})

const positionsOf = once(({ train, classNames }) => {
  const positions = classNames.map((): number[] => [])
  train.labels.forEach((label, i) => {
    positions[label].push(i)
  })
  return positions
})

function taken({ train }: Dataset, indices: readonly number[]): Images {
  const { height, width, channels } = train
  return { count: indices.length, height, width, channels, pixels: pixelsAt(train, indices) }
}

const MOST_PAIRS = 60

async function nearOf({ library }: Services, dataset: Dataset): Promise<NearRecord | null> {
  const found = await library.auditOf(dataset.hash)
  if (found === undefined) return null
  const { path, threshold, counts } = found
  const pairs = worthShowing(found.pairs, MOST_PAIRS)
  const { height, width, channels } = dataset.train
  const pixels = picturesOf(dataset, pairs)
  const images = await spriteOf({ count: 2 * pairs.length, height, width, channels, pixels })
  return { path, threshold, counts, pairs, images }
}

/** The four files, as MNIST names them. */
const fileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const

/** Made once: it is as large as the set. */
const trainFileOf = once(({ train }) => writeIdxImages(train))

function fileOf(dataset: Dataset, name: (typeof fileNames)[number]): Uint8Array {
  if (dataset.train.channels !== 1) {
    throw new Problem(422, 'IDX files hold gray images; these have colors.')
  }
  switch (name) {
    case 'train-images-idx3-ubyte':
      return trainFileOf(dataset)
    case 'train-labels-idx1-ubyte':
      return writeIdxLabels(dataset.train.labels)
    case 't10k-images-idx3-ubyte':
      return handOver(dataset.test).images
    default:
      return handOver(dataset.test).labels
  }
}

export const dataRoutes = [
  route({
    method: 'get',
    path: '/api/data',
    tag: 'data',
    summary: 'The datasets that this server can show: those it was started with and those on this machine',
    answer: {
      'application/json': datasetsAnswer,
    },
    handle: async (_, { shelf }) => json({ datasets: await shelf.list() }),
  }),
  route({
    method: 'get',
    path: '/api/data/{id}',
    tag: 'data',
    summary: 'One dataset: classes, range, balance, distribution of pixels, the mean image of each class',
    params,
    answer: {
      'application/json': datasetAnswer,
    },
    problems: [404],
    async handle({ params: { id } }, services) {
      const dataset = await setOf(services, id)
      const { source, title, hash, classNames, train, test } = dataset
      const positions = positionsOf(dataset)
      const perClass = positions.map(({ length }) => length)
      return json({
        id,
        source,
        title,
        hash,
        height: train.height,
        width: train.width,
        channels: train.channels,
        counts: { train: train.count, test: test.count },
        classes: classNames.map((name, label) => ({
          label,
          name,
          train: perClass[label],
          test: test.classCounts[label],
        })),
        balance: judgeBalance(perClass),
        range: valueRange(train),
        histogram: histogramOf(dataset),
        meanImages: await meansOf(dataset),
      })
    },
  }),
  route({
    method: 'get',
    path: '/api/data/{id}/images',
    tag: 'data',
    summary: 'Training images as a sprite: a page of all or of a class, or those of given numbers',
    params,
    query: z.object({
      class: classNumber.optional(),
      page: z.coerce.number().int().min(0).max(1_000_000).default(0),
      size,
      /** Numbers of images, with commas between. */
      index: indexList.optional(),
    }),
    answer: {
      'application/json': imagesAnswer,
    },
    problems: [404],
    async handle({ params: { id }, query }, services) {
      const dataset = await setOf(services, id)
      const { train } = dataset
      const from = query.page * query.size
      const wanted =
        query.index === undefined
          ? query.class === undefined
            ? Array.from(
                { length: Math.max(0, Math.min(query.size, train.count - from)) },
                (_, i) => from + i,
              )
            : (positionsOf(dataset)[query.class] ?? []).slice(from, from + query.size)
          : numbersOf(query.index).filter((i) => i < train.count)
      const total =
        query.index !== undefined
          ? wanted.length
          : query.class === undefined
            ? train.count
            : (positionsOf(dataset)[query.class]?.length ?? 0)
      return json({
        ...(await spriteOf(taken(dataset, wanted))),
        total,
        items: wanted.map((index) => ({ index, label: train.labels[index] })),
      })
    },
  }),
  route({
    method: 'get',
    path: '/api/data/{id}/duplicates',
    tag: 'data',
    summary:
      'Training images that are the same in every byte, in groups; and near-duplicates, where an audit of the set is recorded',
    params,
    answer: {
      'application/json': duplicatesAnswer,
    },
    problems: [404],
    async handle({ params: { id } }, services) {
      const dataset = await setOf(services, id)
      const { groups, ...rest } = duplicatesOf(dataset)
      const { labels } = dataset.train
      return json({
        groups: groups.map((group) => group.map((index) => ({ index, label: labels[index] }))),
        ...rest,
        near: await nearOf(services, dataset),
      })
    },
  }),
  route({
    method: 'get',
    path: '/api/data/{id}/suspects',
    tag: 'data',
    summary:
      'Labels that are probably wrong, likeliest first, where an audit of the set is recorded: a page of them',
    params,
    query: z.object({ page: z.coerce.number().int().min(0).max(1_000_000).default(0), size }),
    answer: {
      'application/json': suspectsAnswer,
    },
    problems: [404],
    async handle({ params: { id }, query }, services) {
      const dataset = await setOf(services, id)
      const found = await services.library.auditOf(dataset.hash)
      if (found === undefined) {
        throw new Problem(404, 'No audit of these images is recorded here.', {
          hint: 'To make one: atelier data SOURCE --audit --out DIR',
        })
      }
      const { path, labels, suspects } = found
      const { height, width, channels } = dataset.train
      const shown = suspects.slice(query.page * query.size, (query.page + 1) * query.size)
      const pixels = picturesAt(dataset, shown)
      const images = await spriteOf({ count: shown.length, height, width, channels, pixels })
      return json({ ...labels, path, total: suspects.length, suspects: shown, images })
    },
  }),
  route({
    method: 'get',
    path: '/api/data/{id}/files/{name}',
    tag: 'data',
    summary: 'A dataset as the four IDX files of MNIST, to train on in a browser',
    params: z.object({ id, name: z.enum(fileNames) }),
    answer: { 'application/octet-stream': 'bytes' },
    problems: [404, 422],
    async handle({ params: { id, name }, header }, services) {
      const dataset = await setOf(services, id)
      const etag = `"${dataset.hash}-${name}"`
      const headers = { etag, 'cache-control': 'no-cache' }
      if (header('if-none-match') === etag) return empty(304, headers)
      const bytes = fileOf(dataset, name) as Uint8Array<ArrayBuffer>
      return reply(200, bytes, { 'content-type': 'application/octet-stream', ...headers })
    },
  }),
  route({
    method: 'get',
    path: '/api/runs/{id}/test/images',
    tag: 'runs',
    summary: 'Test images of an evaluated run as a sprite: a cell of its confusion matrix, or given numbers',
    params,
    query: z.object({
      truth: classNumber.optional(),
      predicted: classNumber.optional(),
      most: size,
      index: indexList.optional(),
    }),
    answer: {
      'application/json': testImagesAnswer,
    },
    problems: [404, 422],
    async handle({ params: { id }, query }, services) {
      const place = await placeOf(services, 'run', id)
      const { predicted } = await readTest(place).catch((error: Error) => {
        throw new Problem(404, error.message, { hint: 'To evaluate it: atelier evaluate RUN' })
      })
      const { data } = await readManifest(place)
      const dataset = await services.shelf.withHash(data.hash, data.source)
      if (dataset === undefined) {
        throw new Problem(404, `The data of this run, ${data.source}, are not here.`, {
          hint: 'Start the server with --data SOURCE.',
        })
      }
      const { truth, predicted: said } = query
      const isCell = truth !== undefined && said !== undefined && predicted !== undefined
      if (query.index === undefined && !isCell) {
        throw new Problem(400, 'Name the images by index, or a cell by truth and predicted.')
      }
      const cell = isCell ? cellOf(dataset.test, predicted, truth, said) : []
      const wanted = query.index === undefined ? cell.slice(0, query.most) : numbersOf(query.index)
      const images = imagesOf(dataset.test, wanted)
      return json({
        ...(await spriteOf(images)),
        total: query.index === undefined ? cell.length : images.count,
        items: images.indices.map((index, k) => ({
          index,
          label: images.labels[k],
          predicted: predicted?.[index] ?? null,
        })),
      })
    },
  }),
]
