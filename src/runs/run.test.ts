import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDirectory } from '../base/directory.ts'
import { network } from '../model/named.ts'
import { completeRecipe } from '../recipe/recipe.ts'
import { environment } from '../record/environment.ts'
import type { RunEvent } from '../record/events.ts'
import { appendLine, makeFresh, writeWhole } from '../record/files.ts'
import type { Manifest } from '../record/manifest.ts'
import { createRun, parseEvents, readRun, readWeights } from './run.ts'

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
    classNames: ['one', 'two'],
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

describe('a record', () => {
  test('is read as it was written: manifest, events and weights, bit for bit', async () => {
    const directory = join(folder, 'whole')
    const weights = [{ name: 'a/kernel', shape: [2, 2], values: Float32Array.of(1, -0, 1e-38, 3.14159274) }]
    const events = [epoch(1, 0.25), epoch(2, null)]
    const writer = await createRun(directory, manifest)
    for (const event of events) await writer.append(event)
    await writer.writeWeights(weights)

    expect(await readRun(directory)).toEqual({ directory, manifest, events, warnings: [] })
    expect(await readWeights(directory)).toEqual(weights)
    expect((await readdir(directory)).sort()).toEqual([
      'events.jsonl',
      'manifest.json',
      'weights.safetensors',
    ])
  })

  test('can be read while it is being written', async () => {
    const writer = await createRun(join(folder, 'live'), manifest)
    await writer.append(epoch(1, 0.25))
    expect((await readRun(join(folder, 'live'))).events).toEqual([epoch(1, 0.25)])
  })

  test('does not begin where something lies', async () => {
    await createRun(join(folder, 'taken'), manifest)
    await expect(createRun(join(folder, 'taken'), manifest)).rejects.toThrow(
      /taken: expected a directory that does not exist yet, received one that does\. Choose another/,
    )
  })
})

describe('a journal', () => {
  const line = JSON.stringify(epoch(1, 0.25))

  test('is empty when nothing happened', () => {
    expect(parseEvents('', 'e')).toEqual({ events: [], warnings: [] })
  })

  test.each(['{"type":"epo', line])(
    'with a last line that has no end is read up to there, with a warning',
    (torn) => {
      const { events, warnings } = parseEvents(`${line}\n${torn}`, 'events.jsonl')
      expect(events).toHaveLength(1)
      expect(warnings).toEqual(['events.jsonl: the last line is torn and was left out.'])
    },
  )

  test.each([
    [`${line}\nnonsense\n`, /e: line 2: expected JSON/],
    [`${line}\n\n${line}\n`, /e: line 2: expected JSON, received nothing/],
    ['{"type":"era"}\n', /e: line 1: type: expected one of started, epoch, .*received "era"/],
    [
      '{"type":"checkpoint","epoch":-1,"file":"x"}\n',
      /e: line 1: epoch: expected a number at least 0, received -1/,
    ],
  ])('with a wrong line names it: %j', (text, message) => {
    expect(() => parseEvents(text, 'e')).toThrow(message)
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
