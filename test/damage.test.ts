import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { InputError } from '../src/base/errors.ts'
import { key, uniforms } from '../src/base/random.ts'
import { readStudy } from '../src/catalog/study-row.ts'
import { CHECKPOINT_FILE, readCheckpoint } from '../src/record/checkpoint.ts'
import { decodeRecord } from '../src/record/checksum.ts'
import { filesIn } from '../src/record/record-files.ts'
import { RUN_FILES, readRun, readTest, readWeights } from '../src/runs/run.ts'
import { SEARCH_FILES } from '../src/search/files.ts'
import { readSearchJournal, readSearchRecord } from '../src/search/read-record.ts'
import { atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

/*
 * One bit of one file of a record is flipped: whoever reads the file notices. `npm run test:long` flips three thousand.
 */

const isLong = process.env.ATELIER_LONG_TESTS === '1'
const flips = isLong ? 3000 : 240
const place = workplace()
const at = (...names: string[]) => join(place.path, ...names)
const data = ['--data', 'silhouettes:train=200,test=40'] as const
const call = (...args: readonly string[]) => atelier(args, { cwd: place.path })

const plan = {
  profile: 'small',
  title: 'A small study',
  note: '',
  seed: 1,
  validation: 0.2,
  batch: 32,
  learningRate: 0.01,
  momentum: 0.9,
  stages: [
    {
      kind: 'networks',
      name: 'networks',
      title: 'A network',
      runs: [{ name: 'mlp', title: 'MLP', network: 'mlp-small', epochs: 1 }],
    },
    {
      kind: 'activations',
      name: 'activations',
      title: 'Activations',
      settings: { steps: 10, every: 5 },
    },
  ],
}

/** Reads all of a run, as evaluation, verification and resumption do. */
async function readAllOfRun(directory: string): Promise<void> {
  const run = await readRun(directory)
  await readWeights(run)
  await readTest(run)
  if (existsSync(join(directory, CHECKPOINT_FILE))) await readCheckpoint(run)
}

async function readAllOfSearch(directory: string): Promise<void> {
  await readSearchJournal(filesIn(directory))
  await readSearchRecord(filesIn(directory))
}

async function readAllOfStudy(directory: string): Promise<void> {
  await readStudy({ kind: 'study', id: 'study', path: 'study', directory, within: null })
  for (const file of ['plan.json', 'stages/activations.json']) {
    decodeRecord(await readFile(join(directory, file)), file)
  }
}

const files = [
  ...[RUN_FILES.manifest, RUN_FILES.events, RUN_FILES.weights, RUN_FILES.test, CHECKPOINT_FILE].map(
    (name) => ({ record: 'run', name, read: readAllOfRun }),
  ),
  ...[SEARCH_FILES.journal, `${SEARCH_FILES.journal}.checksums`, SEARCH_FILES.results].map((name) => ({
    record: 'search',
    name,
    read: readAllOfSearch,
  })),
  ...['study.json', 'plan.json', 'stages/activations.json'].map((name) => ({
    record: 'study',
    name,
    read: readAllOfStudy,
  })),
] as const

beforeAll(async () => {
  documentOf(await call('train', '--model', 'mlp-small', ...data, '--epochs', '2', '--json', '--out', 'run'))
  documentOf(await call('evaluate', 'run', '--json'))
  documentOf(
    await call('tune', 'mlp', ...data, '--trials', '3', '--epochs', '1', '--json', '--out', 'search'),
  )
  await writeFile(at('plan.json'), JSON.stringify(plan))
  documentOf(await call('study', 'plan.json', ...data, '--json', '--out', 'study'))
})

/** Every file below a directory, by its path in it. */
async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
}

describe('the files of a record', () => {
  test('are these, and what is made of them', async () => {
    const known = (record: string) => files.flatMap((file) => (file.record === record ? [file.name] : []))
    expect((await namesIn(at('run'))).sort()).toEqual(known('run').toSorted())
    const search = (await namesIn(at('search'))).filter((name) => !/^(trials|figures)\//.test(name))
    expect(search.filter((name) => !/\.(md|csv|html)$/.test(name)).sort()).toEqual(known('search').toSorted())
    const study = (await namesIn(at('study'))).filter((name) => !/^(networks|figures)\//.test(name))
    expect(study.filter((name) => !/\.(md|html|pdf)$/.test(name)).sort()).toEqual(known('study').toSorted())
  })

  test.each(files)(
    'of a $record: a bit of $name that is another is noticed',
    async ({ record, name, read }) => {
      const path = at(record, name)
      const whole = await readFile(path)
      await read(at(record))
      const count = Math.ceil(flips / files.length)
      const chance = uniforms(key(3).child(name), 2 * count)
      const places = Array.from({ length: count }, (_, i) => ({
        byte: Math.floor(chance[2 * i] * whole.length),
        bit: Math.floor(chance[2 * i + 1] * 8),
      }))
      // The last newline is where a torn line is easily seen in a whole one.
      const last = Array.from({ length: 8 }, (_, bit) => ({ byte: whole.length - 1, bit }))
      try {
        for (const { byte, bit } of [...places, ...last]) {
          const flipped = Buffer.from(whole)
          flipped[byte] ^= 1 << bit
          await writeFile(path, flipped)
          await expect(read(at(record)), `bit ${bit} of byte ${byte}`).rejects.toThrow(InputError)
        }
      } finally {
        await writeFile(path, whole)
      }
      await read(at(record))
    },
  )

  test.each([
    ['verify', 'run', 'weights.safetensors'],
    ['verify', 'run', 'test.json'],
    ['verify', 'run', 'last.checkpoint'],
    ['evaluate', 'run', 'weights.safetensors'],
    ['export', 'run', 'weights.safetensors'],
    ['tune --resume', 'search', 'journal.log'],
    ['study --resume', 'study', 'plan.json'],
  ])('atelier %s of a %s refuses a %s that is damaged', async (command, record, name) => {
    const path = at(record, name)
    const whole = await readFile(path)
    const flipped = Buffer.from(whole)
    flipped[Math.floor(0.9 * whole.length)] ^= 1
    const words: Readonly<Record<string, readonly string[]>> = {
      export: ['export', 'run', '--format', 'onnx', '--out', 'model.onnx'],
      'tune --resume': [
        ...[
          'tune',
          'mlp',
          ...data,
          '--trials',
          '3',
          '--epochs',
          '1',
          '--resume',
          '--quiet',
          '--out',
          'search',
        ],
      ],
      'study --resume': ['study', 'plan.json', ...data, '--resume', '--quiet', '--out', 'study'],
    }
    await writeFile(path, flipped)
    try {
      const answer = await call(...(words[command] ?? [command, record]))
      expectRefusal(answer, /expected the file as it was written/)
    } finally {
      await writeFile(path, whole)
    }
  })

  test('are all read when a run is verified, and that is said', async () => {
    const { out } = await call('verify', 'run')
    expect(out).toMatch(
      /^Verified: the same weights to the last bit, [0-9a-f]{64}\nEvery file of the record is as it was written\.\n$/,
    )
  })
})
