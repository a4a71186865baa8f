import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readStudy } from '../src/catalog/study-row.ts'
import { filesIn } from '../src/record/record-files.ts'
import { readRun, readTest } from '../src/runs/run.ts'
import { summarize } from '../src/runs/summarize.ts'
import { conclusion } from '../src/search/conclusion.ts'
import { readSearchJournal, readSearchRecord } from '../src/search/read-record.ts'

/*
 * The records of schemaVersion 1 that are kept in docs/ are read in the names of version 2, with the same figures. What
 * they hold is looked up in their files as they are.
 */
const docs = fileURLToPath(new URL('../docs', import.meta.url))
const all = ['study', 'searches'].flatMap((folder) =>
  readdirSync(join(docs, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(docs, folder, name),
  ),
)
const holding = (file: string) => all.filter((path) => basename(path) === file).map(dirname)
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))
const short = (directory: string) => directory.slice(docs.length + 1)

describe('a run of version 1', () => {
  test.each(holding('manifest.json').map((directory) => [short(directory)]))(
    '%s is read as version 2',
    async (name) => {
      const run = await readRun(join(docs, name))
      const lines = readFileSync(join(docs, name, 'events.jsonl'), 'utf8')
        .trim()
        .split('\n')
      const [started, epoch] = lines.map((line) => JSON.parse(line))
      expect(run.manifest.schemaVersion).toBe(2)
      expect(run.events[0]).toMatchObject({ type: 'started', stepsPerEpoch: started.steps })
      const [first] = summarize(run.events).history
      expect([first.loss, first.valLoss]).toEqual([epoch.loss, epoch.valLoss])
      expect(first.valPredictedCounts).toEqual(epoch.valPredicted)
    },
  )

  test.each(holding('test.json').map((directory) => [short(directory)]))(
    '%s keeps its evaluation',
    async (name) => {
      const old = json(docs, name, 'test.json')
      const read = await readTest(await readRun(join(docs, name)))
      const { calibration, ...figures } = old
      expect(read).toMatchObject({ schemaVersion: 2, ...figures })
      if (calibration === undefined) return
      const { before, after, sure, curve } = calibration.test
      expect(read?.calibration?.temperature).toBe(calibration.temperature)
      expect(read?.calibration?.test).toMatchObject({
        aboveThreshold: sure,
        coverageCurve: curve,
        before: { loss: before.loss, expectedCalibrationError: before.error, bins: before.bins },
        after: { loss: after.loss, expectedCalibrationError: after.error, bins: after.bins },
      })
    },
  )
})

describe('a search of version 1', () => {
  const searches = holding('results.json').map((directory) => [short(directory)])
  test.each(searches)('%s keeps its trials, its best and what is concluded of it', async (name) => {
    const old = json(docs, name, 'results.json')
    const record = await readSearchRecord(filesIn(join(docs, name)))
    expect(record).toMatchObject({ schemaVersion: 2, stopReason: old.reason, counts: old.counts })
    expect(record.metric).toBe(old.metric === 'val_acc' ? 'val-accuracy' : 'val-loss')
    expect(record.trials).toHaveLength(old.trials.length)
    for (const [i, { acc, val_loss, val_acc, round_epochs, start, duration }] of old.trials.entries()) {
      const { accuracy, valLoss, valAccuracy, epochs, startedAt, seconds } = record.trials[i]
      expect([accuracy, valLoss, valAccuracy, epochs, startedAt, seconds]).toEqual(
        [acc, val_loss, val_acc, round_epochs, start, duration], //
      )
    }
    const { trial, value, roundsToBest, test: tested } = old.best
    expect(record.best).toMatchObject({ trial, value, trialsToBest: roundsToBest })
    expect(record.best?.test).toMatchObject({ accuracy: tested.accuracy, ci95: tested.interval })
    // The advice at the sentence's end was worded otherwise once.
    const words = (text: string) => text.replace(/ (--repeats|Repeats).*$/, '')
    expect(words(conclusion(record))).toBe(words(old.note))
  })

  test.each(holding('journal.log').map((directory) => [short(directory)]))(
    '%s has a journal that is replayed',
    async (name) => {
      const { trials } = await readSearchJournal(filesIn(join(docs, name)))
      expect(trials.length).toBe(json(docs, name, 'results.json').trials.length)
    },
  )
})

describe('a study of version 1', () => {
  /** A study's record as version 1 wrote it, of a run and stages as they lie in docs/study. */
  const former = (run: string) => {
    const stage = (name: string) => json(docs, 'study', 'stages', `${name}.json`)
    const lines = readFileSync(join(docs, 'study', run, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
    const { dataHash: _, predicted: __, truth: ___, ...test } = json(docs, 'study', run, 'test.json')
    const pixels = Buffer.alloc(4).toString('base64')
    const sizes = { height: 28, width: 28, channels: 1, counts: { train: 48e3, validation: 12e3, test: 1e4 } }
    const each = Array.from({ length: 10 }, () => 1000)
    return {
      ...{ schemaVersion: 1, title: 'A study', createdAt: '2026-11-20T10:00:00Z', command: 'atelier study' },
      ...{ profile: 'full', note: '', environment: [{ name: 'Node', value: 'v20' }] },
      dataset: {
        ...{
          title: 'Fashion-MNIST',
          source: 'fashion-mnist',
          hash: 'ab',
          isSubstitute: false,
          splitHash: 'cd',
        },
        ...{ classNames: each.map((_, c) => `class ${c}`), balance: 'Balanced.', ...sizes },
        classCounts: { train: each, validation: each, test: each },
        pixelRange: { min: 0, max: 255, mean: 73, std: 90 },
        firstImages: { indices: [0], labels: [9], pixels },
        meanImages: { pixels },
      },
      networks: [
        {
          ...{ name: 'mlp-small', title: 'MLP, small', kind: 'mlp', parameters: 101_770, run },
          ...{ summary: 'Layer', settings: [{ name: 'Batch', value: '32' }], worstImages: { pixels } },
          cellImages: { cells: [{ truth: 0, predicted: 6, indices: [5] }], pixels },
          events: lines.map((line) => JSON.parse(line)),
          ...{ test, seconds: 1, weightsHash: 'ef', backend: 'native', arithmetic: 'fused', threads: 2 },
        },
      ],
      ...{ lab: stage('lab'), doubledSoftmax: stage('doubled-softmax'), insight: stage('insight') },
    }
  }

  test('is read with numbers in place of its sentences and images', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'atelier-study-'))
    const run = 'networks/mlp-small'
    await mkdir(join(directory, run), { recursive: true })
    await cp(join(docs, 'study', run, 'manifest.json'), join(directory, run, 'manifest.json'))
    const written = former(run)
    await writeFile(join(directory, 'study.json'), JSON.stringify(written))
    const place = { kind: 'study', id: 'study', path: 'study', directory, within: null } as const
    const { networks, ...study } = await readStudy(place)
    const [network] = networks
    expect(study).toMatchObject({ schemaVersion: 2, title: 'A study', engine: { arithmetic: 'fused' } })
    expect(study.experiments.map(({ kind }) => kind)).toEqual([
      ...['initialization', 'activations', 'doubled-softmax', 'insight'],
    ])
    expect(network.test?.accuracy).toBe(written.networks[0].test.accuracy)
    expect(network.settings).toMatchObject({ batch: 32, optimizer: { kind: 'sgd', momentum: 0.9 } })
    expect(network.cellImages).toEqual([{ truth: 0, predicted: 6, indices: [5] }])
    expect(network).not.toHaveProperty('worstImages')
    await rm(directory, { recursive: true })
  })
})
