import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resultOf } from '../base/watch.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { network } from '../model/named.ts'
import { unitInterval } from '../model/network.ts'
import { loadClassifier } from '../recognition/load.ts'
import { weightsFile } from '../record/weights.ts'
import { evaluateRun } from './evaluate-run.ts'
import { type RecordedRun, recordRun, type SplitDataset } from './recorded-run.ts'
import { readModelFile, readTest, readWeights } from './run.ts'

const engine = chooseBackend({ arithmetic: 'strict', threads: 1 })
let directory = ''
let data: SplitDataset
let run: RecordedRun
beforeAll(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'atelier-evaluate-')), 'run')
  const dataset = await loadDataset(parseSource('silhouettes:train=400,test=200'))
  const splitOptions = { validation: 0.25, seed: 1 }
  data = { dataset, split: split(dataset.train, splitOptions), splitOptions }
  const optimizer = { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true } as const
  const settings = {
    epochs: 4,
    batch: 32,
    optimizer,
    loss: 'cross-entropy',
    seed: 1,
    monitor: 'val-loss',
  } as const
  const request = { directory, name: 'run', command: '', data, model: network('mlp-small'), engine }
  run = await resultOf(recordRun({ ...request, settings: { ...settings, preprocessing: unitInterval } }))
})
afterAll(() => rm(join(directory, '..'), { recursive: true }))

test('a run that ends keeps with its weights what was fitted on validation, and recognition uses it', async () => {
  const { metadata } = await readModelFile(directory)
  const { test } = await evaluateRun(run, data, engine)
  const { temperature, threshold, validation } = test.evaluation.calibration!
  expect(metadata).toMatchObject({ temperature: `${temperature}`, threshold: `${threshold}` })
  expect(validation!.after.loss).toBeLessThanOrEqual(validation!.before.loss)
  expect(await readTest(run)).toMatchObject({ calibration: test.evaluation.calibration })
  const predictor = await loadClassifier(directory)
  expect(predictor.model).toMatchObject({ temperature, threshold })
  const { pixels } = test.images
  const answers = predictor.predictAll(pixels)
  predictor.close()
  const sure = answers.filter(({ isSure }) => isSure).length / answers.length
  expect(sure).toBeCloseTo(test.evaluation.calibration!.test.aboveThreshold.coverage, 12)
})

test('weights of an older version, with which nothing was fitted, get it when they are evaluated', async () => {
  const path = join(directory, 'weights.safetensors')
  const full = await readFile(path)
  const { tensors } = await readWeights(run)
  await writeFile(path, weightsFile(tensors, { ...run.manifest, run: run.checksum }))
  expect((await readModelFile(directory)).metadata.temperature).toBeUndefined()
  await evaluateRun(run, data, engine)
  expect(await readFile(path)).toEqual(full)
})

test('a run that leaves calibration to its evaluation ends with the same weights file', async () => {
  const other = join(directory, '..', 'later')
  const { model, settings } = run.manifest
  const request = { directory: other, name: 'run', command: '', data, model, settings, engine }
  const later = await resultOf(recordRun({ ...request, calibrate: false }))
  expect((await readModelFile(other)).metadata.temperature).toBeUndefined()
  await evaluateRun(later, data, engine)
  const weights = async (of: RecordedRun) => {
    const { metadata, tensors } = await readWeights(of)
    const { run: _, ...said } = metadata // that they are of another run is all that differs
    return { said, tensors }
  }
  expect(await weights(later)).toEqual(await weights(run))
})
