import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watch } from '../base/watch.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { compareActivations } from './activations/run.ts'
import { activationSettings } from './activations/settings.ts'
import { compareSoftmax } from './doubled-softmax/run.ts'
import { doubledSoftmaxSettings } from './doubled-softmax/settings.ts'
import type { Laboratory } from './experiment.ts'
import { compareInitializers } from './initialization/run.ts'
import { initializationSettings } from './initialization/settings.ts'

const dataset = await loadDataset(parseSource('silhouettes:train=4000,test=200'))
const splitOptions = { validation: 0.2, seed: 1 }
const data = { dataset, split: split(dataset.train, splitOptions), splitOptions }
const engine = chooseBackend({ threads: 1 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-lab-'))
})
afterAll(() => rm(folder, { recursive: true }))

const laboratory = (name: string): Laboratory => ({
  data,
  engine,
  command: 'a test',
  runs: [],
  directory: join(folder, name),
})
const ignore = () => {}

test('gradients vanish under sigmoid, and not under ReLU', async () => {
  const settings = activationSettings.parse({ steps: 60, every: 20 })
  const [sigmoid, relu] = (await watch(compareActivations(settings, laboratory('activations')), ignore))!.runs
  const ratio = ({ rows }: typeof sigmoid) => rows[2].norms[1]! / rows[2].norms[6]!
  expect(sigmoid.rows).toHaveLength(3)
  expect(ratio(sigmoid)).toBeLessThan(0.01)
  expect(ratio(relu)).toBeGreaterThan(0.01)
})

test('a network does not learn from small uniform weights', async () => {
  const settings = initializationSettings.parse({ epochs: 4, batch: 16 })
  const { runs } = (await watch(compareInitializers(settings, laboratory('uniform')), ignore))!
  const losses = runs.map(({ events }) =>
    events.flatMap((event) => (event.type === 'epoch' ? [event.loss!] : [])),
  )
  expect(losses[0][3]).toBeCloseTo(Math.log(10), 2)
  expect(losses[1][3]).toBeLessThan(losses[0][3] - 0.1)
})

test('gradients are followed where there are fewer images than a batch', async () => {
  const few = await loadDataset(parseSource('silhouettes:train=20,test=10'))
  const small = { dataset: few, split: split(few.train, { validation: 0.5, seed: 1 }), splitOptions }
  const settings = activationSettings.parse({ steps: 6, every: 2 })
  const found = await watch(compareActivations(settings, { ...laboratory('few'), data: small }), ignore)
  expect(found?.runs.map(({ rows }) => rows.length)).toEqual([3, 3])
})

test('softmax twice: a loss above its floor, and the predictions of every epoch counted', async () => {
  const settings = doubledSoftmaxSettings.parse({
    networks: [{ network: 'mlp-small', title: 'MLP' }],
    epochs: 2,
  })
  const [once, twice] = (await watch(compareSoftmax(settings, laboratory('doubled')), ignore))!.runs
  expect(once.test?.loss).toBeLessThan(1.4612)
  expect(twice.test?.loss).toBeGreaterThan(1.4612)
  for (const { predicted } of [once, twice]) {
    expect(predicted.map(({ epoch }) => epoch)).toEqual([1, 2])
    for (const { counts } of predicted) {
      expect(counts.reduce((a, b) => a + b, 0)).toBe(data.split.validation.length)
    }
  }
})
