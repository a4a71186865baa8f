import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watch } from '../base/watch.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { numberBlocks } from '../document/document.ts'
import { toHtml } from '../document/to-html.ts'
import { chooseBackend } from '../engine/choose.ts'
import { network } from '../model/named.ts'
import { unitInterval } from '../model/network.ts'
import { sizesOf } from '../record/split-dataset.ts'
import { recordOrResume } from '../runs/begun-run.ts'
import { describeDataset } from '../study/describe.ts'
import { serverDocument } from '../visualization/server.ts'
import type { Experiment, Laboratory } from './experiment.ts'
import { type ExperimentKind, experiments, type InputOf } from './index.ts'
import { networkOf } from './network-of.ts'

const dataset = await loadDataset(parseSource('silhouettes:train=300,test=100'))
const splitOptions = { validation: 0.2, seed: 1 }
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }
const engine = chooseBackend({ threads: 1 })

/** The shortest settings that show something. An experiment without its case does not compile. */
const cases: { readonly [K in ExperimentKind]: InputOf<K> } = {
  audit: { labels: { network: 'mlp-small', folds: 2, epochs: 1 } },
  initialization: { epochs: 2, multiplication: { steps: 5 } },
  activations: { steps: 4, every: 2 },
  'doubled-softmax': { networks: [{ network: 'mlp-small', title: 'MLP' }], epochs: 2 },
  insight: { networks: ['mlp-small'], images: 40 },
}

const folder = await mkdtemp(join(tmpdir(), 'atelier-experiments-'))
afterAll(() => rm(folder, { recursive: true }))

/** The run that the experiments may look into. */
const trained = { name: 'mlp-small', title: 'The small MLP', directory: join(folder, 'networks/mlp-small') }
beforeAll(async () => {
  const settings = {
    epochs: 2,
    batch: 32,
    seed: 1,
    optimizer: { kind: 'adam', learningRate: 0.001 },
    loss: 'cross-entropy',
    preprocessing: unitInterval,
    monitor: 'val-loss',
  } as const
  const model = network('mlp-small', sizesOf(dataset))
  const { name, directory } = trained
  await watch(recordOrResume({ name, directory, command: 'a test', data, engine, model, settings }), () => {})
})

const laboratory = (name: string, signal?: AbortSignal): Laboratory => ({
  data,
  engine,
  command: 'a test',
  runs: [trained],
  directory: join(folder, name),
  signal,
})

/** What does not depend on the clock. */
const withoutTimes = (record: unknown) =>
  JSON.parse(JSON.stringify(record, (name, value) => (/[sS]econd|^time$/.test(name) ? null : value)))

describe.each(experiments.map((each) => [each.kind, each as Experiment] as const))('%s', (kind, each) => {
  const settings = each.settings.parse(cases[kind])
  const finish = (name: string) => watch(each.run(settings, laboratory(name)), () => {})
  let record: unknown
  beforeAll(async () => {
    record = await finish(`${kind}-whole`)
  })

  test('keeps its settings through JSON, and names networks that exist', () => {
    expect(each.settings.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
    for (const planned of each.networks(settings)) expect(networkOf(planned, sizesOf(dataset))).toBeDefined()
  })

  test('returns a record that its schema knows, and that survives being written down', () => {
    expect(each.record.parse(record)).toEqual(record)
    expect(each.record.parse(JSON.parse(JSON.stringify(record)))).toEqual(record)
  })

  test('finds the same when it is run again', async () => {
    expect(withoutTimes(await finish(`${kind}-again`))).toEqual(withoutTimes(record))
  })

  test('returns nothing where it is interrupted, and then goes on to the same record', async () => {
    const name = `${kind}-cut`
    const cut = new AbortController()
    const stop = (event: unknown) => {
      if (event !== undefined) cut.abort()
    }
    expect(await watch(each.run(settings, laboratory(name, cut.signal)), stop)).toBeUndefined()
    expect(withoutTimes(await finish(name))).toEqual(withoutTimes(record))
  })

  test.each([
    ['with images', dataset],
    ['without', undefined],
  ])('has a section that can be drawn %s', async (_, images) => {
    const dom = serverDocument()
    const context = { dom, images, dataset: describeDataset(data, false) }
    const section = await each.section(record, context)
    const html = toHtml({ title: 'x', subtitle: 'x', warnings: [], sections: [section] }, dom)
    expect(html.replace(/base64,[^"]*/g, '')).not.toMatch(/NaN|undefined|Infinity|\[object/)
    const names = [section.id, ...numberBlocks([section]).keys()]
    expect(new Set(names).size).toBe(names.length)
  })
})
