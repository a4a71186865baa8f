import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resultOf } from '../base/watch.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { testLabels } from '../evaluation/after-evaluation.ts'
import { network } from '../model/named.ts'
import { unitInterval } from '../model/network.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import { encodeRecord } from '../record/checksum.ts'
import { compareTested } from './compare-tested.ts'
import { evaluateRun } from './evaluate-run.ts'
import { recordRun, type SplitDataset } from './recorded-run.ts'
import { readRun } from './run.ts'

const engine = chooseBackend({ arithmetic: 'strict', threads: 1 })
const names = ['a-1', 'a-2', 'b-2', 'b-1', 'a-2-again']
let directory = ''
let data: SplitDataset
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atelier-compare-'))
  const dataset = await loadDataset(parseSource('silhouettes:train=200,test=100'))
  const splitOptions = { validation: 0.25, seed: 1 }
  data = { dataset, split: split(dataset.train, splitOptions), splitOptions }
  for (const name of names) {
    const seed = Number(name.split('-')[1])
    const learningRate = name.startsWith('a') ? 0.05 : 0.001
    const settings = {
      ...{
        epochs: 1,
        batch: 32,
        loss: 'cross-entropy',
        monitor: 'val-loss',
        preprocessing: unitInterval,
        seed,
      },
      optimizer: { kind: 'sgd', learningRate, momentum: 0.9, nesterov: true },
    } satisfies RecipeInput
    const where = { directory: join(directory, name), name, command: '' }
    await resultOf(recordRun({ ...where, data, model: network('mlp-small'), settings, engine }))
    await evaluateRun(await readRun(where.directory), data, engine)
  }
})
afterAll(() => rm(directory, { recursive: true }))

const at = (name: string) => join(directory, name)
const read = (...of: string[]) => Promise.all(of.map((name) => readRun(at(name))))
const noLabels = async () => undefined

test('runs that differ in the seed alone are one classifier, compared seed by seed', async () => {
  const found = await compareTested(await read('a-1', 'a-2', 'b-2', 'b-1'), noLabels)
  expect(found!.runs).toEqual([
    [at('a-1'), at('a-2')],
    [at('b-2'), at('b-1')],
  ])
  const [pair] = found!.comparison.pairs
  expect(pair).toMatchObject({
    a: at('a-1'),
    b: at('b-2'),
    count: 100,
    overSeeds: { test: 'paired t', degreesOfFreedom: 1 },
  })
})

test('networks of one name with other layers are classifiers of their own', async () => {
  const [a1, a2] = await read('a-1', 'a-2')
  const { manifest } = a2
  const nodes = manifest.model.nodes.map((node) =>
    node.kind === 'dense' && node.options.activation === 'relu'
      ? { ...node, options: { ...node.options, activation: 'tanh' } }
      : node,
  )
  const other = { ...a2, manifest: { ...manifest, model: { ...manifest.model, nodes } } }
  expect((await compareTested([a1, other], noLabels))!.runs).toEqual([[at('a-1')], [at('a-2')]])
})

test('a run that repeats a seed is a classifier of its own, and not distinguishable', async () => {
  const found = await compareTested(await read('a-2', 'a-2-again'), noLabels)
  expect(found!.comparison.pairs).toMatchObject([{ difference: 0, pValue: 1, distinguishable: false }])
})

test('records of an older version lack the labels: these are read anew, or nothing is compared', async () => {
  for (const name of ['a-1', 'b-1']) {
    const { truth: _, checksum: __, ...old } = JSON.parse(await readFile(join(at(name), 'test.json'), 'utf8'))
    await writeFile(join(at(name), 'test.json'), encodeRecord(old))
  }
  const runs = await read('a-1', 'b-1')
  expect(await compareTested(runs, noLabels)).toBeUndefined()
  const found = await compareTested(runs, async () => testLabels(data.dataset.test))
  expect(found!.comparison.classifiers[0].accuracy).toBe(
    JSON.parse(await readFile(join(at('a-1'), 'test.json'), 'utf8')).accuracy,
  )
})

test('one recipe alone has nothing to be compared with', async () => {
  expect(await compareTested(await read('a-1', 'a-2'), noLabels)).toBeUndefined()
})
