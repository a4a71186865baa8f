import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FailureError, InputError } from '../base/errors.ts'
import { resultOf } from '../base/watch.ts'
import type { Dataset } from '../data/dataset.ts'
import { loadDataset } from '../data/source.ts'
import { split } from '../data/split.ts'
import { chooseBackend } from '../engine/choose.ts'
import { network } from '../model/named.ts'
import { loadClassifier } from '../recognition/load.ts'
import { hashWeights } from '../record/weights.ts'
import { trainingData } from '../training/data.ts'
import { train as trainNetwork } from '../training/train.ts'
import { type TrainedClassifier, train } from './train.ts'

let folder: string
let data: Dataset
let classifier: TrainedClassifier
const model = 'mlp-small'
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-library-'))
  data = await loadDataset({ type: 'silhouettes', train: 400, test: 60 })
  classifier = await train({ model, data, epochs: 3, arithmetic: 'strict' })
})
afterAll(() => rm(folder, { recursive: true }))

describe('a network is trained', () => {
  test('to the weights of its best epoch, which it says', () => {
    const { status, bestEpoch, history, validation } = classifier
    expect(status).toBe('finished')
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    const best = history[bestEpoch - 1]
    expect(best.best).toBe(true)
    expect(validation).toEqual({ loss: best.valLoss, accuracy: best.valAccuracy })
  })

  test('on the split and with the settings of `atelier train`', async () => {
    const parts = split(data.train, { validation: 0.2, seed: 1 })
    const engine = chooseBackend({ arithmetic: 'strict' })
    const options = { model: network(model), engine, data: trainingData(data, parts), epochs: 3 }
    const { weights } = await resultOf(trainNetwork(options))
    expect(hashWeights(classifier.model.tensors)).toBe(hashWeights(weights))
    const other = await train({ model, data, epochs: 3, arithmetic: 'strict', validation: parts })
    expect(hashWeights(other.model.tensors)).toBe(hashWeights(weights))
  })

  test('and its probabilities are calibrated on the validation images', () => {
    const { metadata, temperature, threshold } = classifier.model
    expect(metadata).toMatchObject({ temperature: `${temperature}`, threshold: `${threshold}` })
    expect(temperature).not.toBe(1)
  })

  test('by its name for the images that there are', async () => {
    const low = { ...data, train: { ...data.train, height: 14, width: 56 } }
    const { imageShape, spec } = (await train({ model: 'cnn-small', data: low, epochs: 1 })).model
    expect(imageShape).toEqual([14, 56, 1])
    expect(spec.nodes[0].options).toEqual({ shape: [14, 56, 1] })
  })

  test('with early stopping where only its patience is said', async () => {
    const earlyStopping = { patience: 1, minDelta: 100 }
    const { history, bestEpoch } = await train({ model, data, epochs: 9, earlyStopping })
    expect({ epochs: history.length, bestEpoch }).toEqual({ epochs: 2, bestEpoch: 1 })
    expect((await train({ model, data, epochs: 1, earlyStopping: { patience: 3 } })).status).toBe('finished')
  })

  test('and tells of every epoch', async () => {
    const told: string[] = []
    for await (const { type } of train({ model, data, epochs: 2 })) if (type !== 'progress') told.push(type)
    expect(told).toEqual(['started', 'epoch', 'state', 'epoch', 'state', 'finished'])
  })
})

describe('what cannot be is said before the first step', () => {
  test.each<[string, object, RegExp]>([
    ['a setting', { epochs: 0 }, /^epochs: expected a whole number from 1/],
    ['a setting that there is not', { epoch: 3 }, /received "epoch"/],
    ['a network', { model: 'mlp-tiny' }, /^model: expected one of mlp-deep-thin/],
    ['the share to validate on', { validation: 1 }, /^validation: expected a share between 0 and 1/],
    ['an engine', { backend: 'gpu' }, /^backend: expected native, wasm or reference/],
  ])('%s', async (_, wrong, message) => {
    const run = train({ model, data, ...wrong })
    await expect(run.next()).rejects.toThrow(InputError)
    await expect(run).rejects.toThrow(message)
  })
})

test('a training that comes to nothing fails; one that is interrupted later keeps what it has', async () => {
  const wild = train({ model, data, optimizer: { kind: 'sgd', learningRate: 1e30 } })
  await expect(wild).rejects.toThrow(FailureError)
  await expect(train({ model, data, signal: AbortSignal.abort() })).rejects.toThrow('Interrupted in epoch 1')
  const controller = new AbortController()
  const run = train({ model, data, epochs: 5, signal: controller.signal })
  for await (const event of run) if (event.type === 'epoch') controller.abort()
  expect(await run).toMatchObject({ status: 'interrupted', bestEpoch: 1 })
})

test('a classifier evaluates, and says from its file what it said before', async () => {
  const { split: of, count, accuracy, predictions, calibration } = classifier.evaluate(data)
  expect({ of, count }).toEqual({ of: 'test', count: 60 })
  const hits = predictions.predicted.filter((label, i) => label === predictions.truth[i]).length
  expect(accuracy).toBeCloseTo(hits / 60)
  expect(calibration?.temperature).toBe(classifier.model.temperature)
  const path = join(folder, 'clothes.safetensors')
  await classifier.save(path)
  const opened = await loadClassifier(path)
  const image = data.train.pixels.subarray(0, 784)
  expect(opened.predict(image)).toEqual(classifier.predict(image))
  expect(opened.form).toEqual(data.form)
  const shirt = opened.predictFile('examples/shirt.jpg')
  expect(data.classNames).toContain((await shirt).className)
  await expect(opened.predictFile('README.md')).rejects.toThrow(/^README\.md: picture: expected a PNG/)
  opened.close()
  classifier.close()
  expect(classifier.predict(image).probabilities).toHaveLength(10) // opened anew
  classifier.close()
  await expect(classifier.save(join(folder, 'none', 'x'))).rejects.toThrow(FailureError)
})
