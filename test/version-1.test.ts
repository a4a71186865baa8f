import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
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
      const read = await readTest(join(docs, name))
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
