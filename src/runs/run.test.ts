import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDirectory } from '../base/directory.ts'
import { network } from '../model/named.ts'
import { resolve } from '../model/spec.ts'
import { completeRecipe } from '../recipe/recipe.ts'
import { environment } from '../record/environment.ts'
import type { RunEvent } from '../record/events.ts'
import { appendLine, makeFresh, writeWhole } from '../record/files.ts'
import type { Manifest } from '../record/manifest.ts'
import { weightsInOrder } from '../record/model-file.ts'
import { hashWeights } from '../record/weights.ts'
import { createRun, readRun, readWeights, reopenRun } from './run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-record-'))
})
afterAll(() => rm(folder, { recursive: true }))

const model = network('mlp-small')
const task = { model, images: 8, imageShape: [28, 28, 1], classes: 10 }

const manifest: Manifest = {
  schemaVersion: 2,
  name: 'a run',
  createdAt: '2026-11-24T00:00:00.000Z',
  command: 'atelier train --model mlp-small',
  model,
  parameters: 101_770,
  settings: completeRecipe({ epochs: 2 }, task),
  data: {
    source: 'silhouettes',
    title: 'Silhouettes',
    hash: 'a'.repeat(64),
    classNames: Array.from({ length: 10 }, (_, i) => `class ${i}`),
    height: 28,
    width: 28,
    channels: 1,
    split: { validation: 0.2, seed: 1, hash: 'b'.repeat(64), counts: { train: 8, validation: 2, test: 2 } },
  },
  engine: { backend: 'definition', variant: 'typescript', arithmetic: 'strict', threads: 1 },
  environment: environment(),
}

const epoch = (number: number, valLoss: number | null): RunEvent => ({
  type: 'epoch',
  epoch: number,
  loss: 0.5,
  accuracy: 0.5,
  valLoss,
  valAccuracy: 0.5,
  seconds: 1,
  imagesPerSecond: 8,
  learningRate: 0.01,
  best: number === 1,
})

const weights = weightsInOrder(
  model,
  resolve(model).nodes.flatMap(({ name: node, parameters }) =>
    parameters.map(({ name, shape }) => ({
      name: `${node}/${name}`,
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
        Math.fround(1 / (i + 1)),
      ),
    })),
  ),
)
const weightsHash = hashWeights(weights)
const validation = { loss: 0.25, accuracy: 0.5 }
const finished: RunEvent = {
  type: 'finished',
  epochs: 2,
  bestEpoch: 1,
  seconds: 2,
  imagesPerSecond: 8,
  weightsHash,
  validation,
}

async function write(name: string, events: readonly RunEvent[] = [epoch(1, 0.25), epoch(2, null), finished]) {
  const directory = join(folder, name)
  const writer = await createRun(directory, manifest)
  for (const event of events) await writer.append(event)
  await writer.writeWeights(weights)
  writer.close()
  return directory
}

describe('a record', () => {
  test('is read as it was written: manifest, events and weights, bit for bit', async () => {
    const directory = await write('whole')
    const run = await readRun(directory)
    const events = [epoch(1, 0.25), epoch(2, null), finished]
    expect(run).toEqual({ directory, manifest, checksum: expect.any(String), events, warnings: [] })
    expect((await readWeights(run)).tensors).toEqual(weights)
    expect((await readdir(directory)).sort()).toEqual([
      'events.jsonl',
      'manifest.json',
      'weights.safetensors',
    ])
  })

  test('can be read while it is being written, and is written by one process alone', async () => {
    const directory = join(folder, 'live')
    const writer = await createRun(directory, manifest)
    expect((await readRun(directory)).events).toEqual([])
    await writer.append(epoch(1, 0.25))
    expect((await readRun(directory)).events).toEqual([epoch(1, 0.25)])
    await expect(reopenRun(directory)).rejects.toThrow(
      `expected a run that nobody is running, received one that process ${process.pid} is running`,
    )
    writer.close()
    const reopened = await reopenRun(directory)
    expect(reopened.run.events).toEqual([epoch(1, 0.25)])
    reopened.close()
  })

  test('does not begin where something lies', async () => {
    await createRun(join(folder, 'taken'), manifest)
    await expect(createRun(join(folder, 'taken'), manifest)).rejects.toThrow(
      /taken: expected a directory that does not exist yet, received one that does\. Choose another/,
    )
  })

  test('that could not be begun leaves nothing, and its place is free', async () => {
    const directory = join(folder, 'second-try')
    const circle: { self?: unknown } = {}
    circle.self = circle
    await expect(createRun(directory, { ...manifest, command: circle as unknown as string })).rejects.toThrow(
      /circular/,
    )
    const writer = await createRun(directory, manifest)
    writer.close()
    expect((await readRun(directory)).manifest).toEqual(manifest)
  })

  test.each(['manifest.json', 'events.jsonl', 'weights.safetensors'])(
    'with the %s of another run is refused',
    async (name) => {
      const [directory, other] = [await write(`own-${name}`), join(folder, `other-${name}`)]
      const writer = await createRun(other, { ...manifest, name: 'another' })
      await writer.append(finished)
      await writer.writeWeights(weights) // even where its weights are the same
      writer.close()
      await copyFile(join(other, name), join(directory, name))
      await expect(readRun(directory).then(readWeights)).rejects.toThrow(
        /expected the file as it was written/,
      )
    },
  )

  test('with other weights than its last event says is refused, also one of version 1 (case 01)', async () => {
    const directory = await write('exchanged', [{ ...finished, weightsHash: 'c'.repeat(64) }])
    const run = await readRun(directory)
    await expect(readWeights(run)).rejects.toThrow(/other weights than the run’s record says/)
    await expect(readWeights({ ...run, checksum: undefined })).rejects.toThrow(/other weights/)
  })

  test('of version 1 is read without checksums', async () => {
    const directory = join(folder, 'old')
    await makeDirectory(directory)
    await writeFile(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, schemaVersion: 1 }))
    await writeFile(join(directory, 'events.jsonl'), `${JSON.stringify(epoch(1, 0.25))}\n`)
    expect(await readRun(directory)).toMatchObject({ checksum: undefined, events: [epoch(1, 0.25)] })
  })

  test.each([
    ['{"type":"era"}', /line 1: type: expected one of started, epoch, .*received "era"/],
    ['nonsense', /line 1: expected JSON/],
    [
      '{"type":"checkpoint","epoch":-1,"file":"x"}',
      /line 1: epoch: expected a number at least 0, received -1/,
    ],
  ])('names a line that is wrong: %s', async (line, message) => {
    const directory = join(folder, `wrong ${line}`.replaceAll(/\W/g, '-'))
    await makeDirectory(directory)
    await writeFile(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, schemaVersion: 1 }))
    await writeFile(join(directory, 'events.jsonl'), `${line}\n`)
    await expect(readRun(directory)).rejects.toThrow(message)
  })
})

describe('files', () => {
  test('a file that cannot be written leaves the old one whole and nothing beside it', async () => {
    const directory = join(folder, 'kept')
    await makeDirectory(join(directory, 'sub'))
    await expect(writeWhole(join(directory, 'sub'), 'new')).rejects.toThrow(/Cannot write .*sub: /)
    expect(await readdir(directory)).toEqual(['sub'])
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk is said', async () => {
    await expect(appendLine('/dev/full', 'x')).rejects.toThrow(/Cannot write \/dev\/full: ENOSPC/)
  })

  test('directories are made with those above them', async () => {
    await makeFresh(join(folder, 'a', 'b', 'c'), '')
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c'])
  })

  test('a directory cannot be made below a file, nor where the system makes none', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(makeDirectory(join(folder, 'file', 'x'))).rejects.toThrow(
      /file: expected a directory .*received a file/,
    )
    await expect(makeDirectory('/proc/a/b')).rejects.toThrow(
      /\/proc\/a: expected a directory that can be made/,
    )
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('')
  })
})
