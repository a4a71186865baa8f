import { InputError } from '../../src/base/errors.ts'
import { fashionMnist } from '../../src/data/fashion-mnist.ts'
import { readIdxSet } from '../../src/data/idx-set.ts'
import { readKnownSet } from '../../src/data/known-set.ts'
import { loadSilhouettes } from '../../src/data/load-silhouettes.ts'
import { mnist } from '../../src/data/mnist.ts'
import { split } from '../../src/data/split.ts'
import type { SplitDataset } from '../../src/record/split-dataset.ts'
import { endpoints } from '../client/endpoints.ts'
import { get, getBytes } from '../client/http.ts'
import type { DataRequest, DataSummary, Gallery } from './protocol.ts'

/** The split of the command line. */
const SPLIT_SEED = 1
const OF_EACH_CLASS = 2

/** Loads what is asked for and splits its training images, as `atelier train` does. */
export async function openData(request: DataRequest, validation: number): Promise<SplitDataset> {
  const dataset = await load(request)
  const splitOptions = { validation, seed: SPLIT_SEED }
  return { dataset, split: split(dataset.train, splitOptions), splitOptions }
}

async function load(request: DataRequest) {
  switch (request.type) {
    case 'silhouettes':
      return loadSilhouettes(request.source, request.options)
    case 'server':
      return fromServer(request.source, request.id)
    case 'files':
      return fromFiles(request.source, request.files)
    default:
      return request satisfies never
  }
}

/** The files of a dataset of the server, read as `atelier train` reads them from a disk. */
async function fromServer(source: string, id: string) {
  const { title, classes } = await get(endpoints.dataset(id))
  const plain = (name: string) => name.replace(/\.gz$/, '')
  const read = async (name: string) => {
    const bytes = await getBytes(endpoints.dataFile(id, plain(name)))
    if (bytes !== undefined) return bytes
    throw new InputError({ at: 'the server', expected: plain(name), received: 'no such file' })
  }
  const files = { place: 'the server', path: plain }
  const set = [fashionMnist, mnist].find(({ name }) => name === source.split(':')[0])
  if (set !== undefined) return readKnownSet(set, source, { ...files, read: ({ name }) => read(name) })
  const names = Object.values(fashionMnist.files).map(({ name }) => plain(name))
  const classNames = new TextEncoder().encode(classes.map(({ name }) => name).join('\n'))
  return readIdxSet(source, title, {
    ...files,
    present: [...names, 'classes.txt'],
    read: async (name) => (name === 'classes.txt' ? classNames : read(name)),
  })
}

/** Four IDX files that a person chose; what else was chosen beside them is left alone. */
async function fromFiles(source: string, files: readonly File[]) {
  const find = (name: string) => files.find((file) => file.name === name)
  return readIdxSet(source, 'Your files', {
    place: 'your files',
    present: files.map(({ name }) => name),
    path: (name) => name,
    read: async (name) => readFile(find(name)!),
  })
}

async function readFile(file: File): Promise<Uint8Array> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isPacked) return bytes
  try {
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    return new Uint8Array(await new Response(unpacked).arrayBuffer())
  } catch (cause) {
    throw new InputError(
      { at: file.name, expected: 'a whole gzip file', received: 'a damaged one', hint: 'Fetch it again.' },
      { cause },
    )
  }
}

/** What the page shows of the data. */
export function summarizeData({ dataset, split }: SplitDataset): DataSummary {
  const { source, title, classNames, train, test } = dataset
  const { height, width, channels } = train
  const counts = { train: split.train.length, validation: split.validation.length, test: test.count }
  const gallery = galleryOf({ dataset, split })
  return { source, title, classNames, height, width, channels, counts, gallery }
}

/** The first validation images of every class. */
function galleryOf({
  dataset: { train, classNames },
  split,
}: Pick<SplitDataset, 'dataset' | 'split'>): Gallery {
  const chosen = classNames.flatMap((_, label) =>
    Array.from(split.validation)
      .filter((i) => train.labels[i] === label)
      .slice(0, OF_EACH_CLASS),
  )
  const size = train.height * train.width * train.channels
  const pixels = new Uint8Array(chosen.length * size)
  for (const [k, i] of chosen.entries()) pixels.set(train.pixels.subarray(i * size, (i + 1) * size), k * size)
  return { pixels, labels: chosen.map((i) => train.labels[i]) }
}
