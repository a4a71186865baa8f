import { InputError } from '../../src/base/errors.ts'
import { fashionMnist } from '../../src/data/fashion-mnist.ts'
import { readIdxSet } from '../../src/data/idx-set.ts'
import { readKnownSet } from '../../src/data/known-set.ts'
import { loadSilhouettes } from '../../src/data/load-silhouettes.ts'
import { mnist } from '../../src/data/mnist.ts'
import { split } from '../../src/data/split.ts'
import type { SplitDataset } from '../../src/record/split-dataset.ts'
import type { DataSummary, DataWish, Gallery } from './protocol.ts'

/** The split of the command line. */
const SPLIT_SEED = 1
const OF_EACH_CLASS = 2

/** Loads what was wished for and splits its training images, as `atelier train` does. */
export async function openData(wish: DataWish, validation: number): Promise<SplitDataset> {
  const dataset = await load(wish)
  const splitOptions = { validation, seed: SPLIT_SEED }
  return { dataset, split: split(dataset.train, splitOptions), splitOptions }
}

async function load(wish: DataWish) {
  switch (wish.type) {
    case 'silhouettes':
      return loadSilhouettes(wish.source, wish.options)
    case 'server':
      return fromServer(wish.source, wish.id)
    case 'files':
      return fromFiles(wish.source, wish.files)
    default:
      return wish satisfies never
  }
}

async function fromServer(source: string, id: string) {
  const place = `/api/data/${encodeURIComponent(id)}`
  const { title, classes } = JSON.parse(new TextDecoder().decode(await fetchBytes(place)))
  const path = (name: string) => `${place}/files/${name.replace(/\.gz$/, '')}`
  const set = [fashionMnist, mnist].find(({ name }) => name === source.split(':')[0])
  if (set !== undefined) {
    return readKnownSet(set, source, { place, path, read: ({ name }) => fetchBytes(path(name)) })
  }
  const names = Object.values(fashionMnist.files).map(({ name }) => name.replace(/\.gz$/, ''))
  const classNames = new TextEncoder().encode(classes.map(({ name }: { name: string }) => name).join('\n'))
  return readIdxSet(source, title, {
    ...{ place, path, present: [...names, 'classes.txt'] },
    read: async (name) => (name === 'classes.txt' ? classNames : fetchBytes(path(name))),
  })
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const answer = await fetch(address).catch((cause: Error) => {
    throw new InputError(
      { at: 'the server', expected: 'an answer', received: cause.message, hint: 'Is it still running?' },
      { cause },
    )
  })
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer())
  const problem = await answer.json().catch(() => ({}))
  throw new InputError({
    at: 'the server',
    expected: address,
    received: `${answer.status}${problem.detail === undefined ? '' : `: ${problem.detail}`}`,
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
