import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { split } from '../src/data/split.ts'
import type { Engine } from '../src/engine/backend.ts'
import { chooseBackend } from '../src/engine/choose.ts'
import type { EpochEvent } from '../src/record/events.ts'
import type { DataRecord } from '../src/record/manifest.ts'
import type { SplitDataset } from '../src/record/split-dataset.ts'
import { evaluateRun } from '../src/runs/evaluate-run.ts'
import { type RunRecord, readRun, readTest } from '../src/runs/run.ts'
import { summarize } from '../src/runs/summarize.ts'
import { trainingOf } from '../src/training/from-settings.ts'

/*
 * `npm run test:replay`: every network of the study evaluates to the figures of its record, and its first two epochs
 * come out anew to the last bit. Takes about half an hour of two cores. Runs that passed are noted in the file that
 * ATELIER_REPLAY names and not done again; remove it after a change.
 */
const notes = process.env.ATELIER_REPLAY
const networks = fileURLToPath(new URL('../docs/study/networks', import.meta.url))
const EPOCHS = 2

const passed = new Set(notes && existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [])
function note(name: string) {
  mkdirSync(dirname(notes!), { recursive: true })
  appendFileSync(notes!, `${name}\n`)
}

const datasets = new Map<string, ReturnType<typeof loadDataset>>()
async function dataOf({ source, hash, split: recorded }: DataRecord): Promise<SplitDataset> {
  if (!datasets.has(source)) datasets.set(source, loadDataset(parseSource(source)))
  const dataset = await datasets.get(source)!
  const data = { dataset, split: split(dataset.train, recorded), splitOptions: recorded }
  expect([dataset.hash, data.split.hash]).toEqual([hash, recorded.hash])
  return data
}

const figuresOf = ({ epoch, loss, accuracy, valLoss, valAccuracy }: EpochEvent) => ({
  ...{ epoch, loss, accuracy },
  ...{ valLoss, valAccuracy },
})

/** The first epochs of a run, trained anew from its manifest. */
async function replayed({ manifest: { model, settings } }: RunRecord, data: SplitDataset, engine: Engine) {
  const epochs: EpochEvent[] = []
  for await (const event of trainingOf({ model, settings, data, engine })) {
    if (event.type === 'epoch') epochs.push(event)
    if (epochs.length === EPOCHS) break
  }
  return epochs.map(figuresOf)
}

/** The evaluation of a run anew, of a copy, so that its record stays as it is. */
async function evaluated(run: RunRecord, data: SplitDataset, engine: Engine) {
  const copy = await mkdtemp(join(tmpdir(), 'atelier-replay-'))
  try {
    await cp(run.directory, copy, { recursive: true })
    await evaluateRun({ ...run, directory: copy }, data, engine)
    return await readTest({ ...run, directory: copy })
  } finally {
    await rm(copy, { recursive: true })
  }
}

describe.skipIf(!notes || !process.env.ATELIER_DATA)('the records of the study', () => {
  for (const name of readdirSync(networks)) {
    test.skipIf(passed.has(name))(
      `${name} evaluates and replays to the same bits`,
      { timeout: 0 },
      async () => {
        const began = performance.now()
        const run = await readRun(join(networks, name))
        const { arithmetic } = run.manifest.engine
        const engine = chooseBackend({ arithmetic })
        const data = await dataOf(run.manifest.data)
        expect(await evaluated(run, data, engine)).toEqual(await readTest(run))
        const recorded = summarize(run.events).history.slice(0, EPOCHS).map(figuresOf)
        expect(await replayed(run, data, engine)).toEqual(recorded)
        note(name)
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        console.log(`${name} (${arithmetic}): evaluated, ${EPOCHS} epochs replayed, ${seconds} s`)
      },
    )
  }
})
