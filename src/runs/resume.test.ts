import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { network } from '../model/named.ts'
import { unitInterval } from '../model/network.ts'
import type { OptimizerInput } from '../recipe/optimizers.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import { begunRun } from './begun-run.ts'
import { type RecordedRun, recordRun, resumeRun, type SplitDataset } from './recorded-run.ts'
import { RUN_FILES, readRun } from './run.ts'

let folder: string
let data: SplitDataset

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-resume-'))
  const dataset = await loadDataset(parseSource('silhouettes:train=300,test=20'))
  const splitOptions = { validation: 0.2, seed: 1 }
  data = { dataset, split: split(dataset.train, splitOptions), splitOptions }
})
afterAll(() => rm(folder, { recursive: true }))

const settings = (optimizer: OptimizerInput): RecipeInput => ({
  epochs: 5,
  batch: 32,
  optimizer,
  loss: 'cross-entropy',
  preprocessing: unitInterval,
  seed: 3,
  monitor: 'val-loss',
  earlyStopping: { patience: 3 },
})

const engine = chooseBackend({ threads: 1 })

function begin(name: string, optimizer: OptimizerInput, signal?: AbortSignal) {
  return recordRun({
    directory: join(folder, name),
    name,
    command: 'a test',
    data,
    engine,
    signal,
    model: network('mlp-medium', { dropout: 0.2 }),
    settings: settings(optimizer),
  })
}

/** Lets a run come to an end; with `until`, leaves it where the epoch of that number has been written down. */
async function finish(
  stream: ReturnType<typeof recordRun>,
  until = Number.POSITIVE_INFINITY,
): Promise<RecordedRun | undefined> {
  for (;;) {
    const next = await stream.next()
    if (next.done) return next.value
    if (next.value.type === 'epoch' && next.value.epoch > until) {
      await stream.return(undefined as never) // as a loop does that is left
      return undefined
    }
  }
}

const hashOf = (run: RecordedRun | undefined) =>
  run?.events.find((event) => event.type === 'finished')?.weightsHash

describe.each<OptimizerInput>([
  { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true },
  { kind: 'adam', learningRate: 0.001 },
])('a run with $kind that was cut', (optimizer) => {
  test('goes on to the same bits as one that was not', async () => {
    const whole = hashOf(await finish(begin(`${optimizer.kind}-whole`, optimizer)))
    for (const until of [0, 1, 3]) {
      const name = `${optimizer.kind}-cut-${until}`
      await finish(begin(name, optimizer), until)
      const resumed = await finish(resumeRun(await readRun(join(folder, name)), { data, engine }))
      expect(hashOf(resumed)).toBe(whole)
      const { events } = await readRun(join(folder, name))
      expect(events.flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []))).toEqual([
        1, 2, 3, 4, 5,
      ])
      expect(events.filter(({ type }) => type === 'started')).toHaveLength(1)
    }
  })
})

test('a run that learned from other images is not taken for the one that is wanted', async () => {
  const run = await finish(begin('other-split', { kind: 'adam', learningRate: 0.001 }))
  const wanted = (validation: number) => {
    const splitOptions = { validation, seed: 1 }
    const own = { ...data, split: split(data.dataset.train, splitOptions), splitOptions }
    const { model, settings } = run!.manifest
    const directory = join(folder, 'other-split')
    return begunRun({ directory, name: 'other-split', command: 'a test', data: own, engine, model, settings })
  }
  expect((await wanted(0.2))?.epoch).toBe(Infinity)
  expect(await wanted(0.4)).toBeUndefined()
})

test('a finished run is not trained again', async () => {
  const optimizer = { kind: 'sgd', learningRate: 0.01 } as const
  const done = await finish(begin('done', optimizer))
  const before = await readFile(join(folder, 'done', RUN_FILES.events), 'utf8')
  const again = await finish(resumeRun(await readRun(join(folder, 'done')), { data, engine }))
  expect(hashOf(again)).toBe(hashOf(done))
  expect(await readFile(join(folder, 'done', RUN_FILES.events), 'utf8')).toBe(before)
})
