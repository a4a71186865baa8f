import { beforeAll, describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../data/source.ts'
import { split } from '../data/split.ts'
import type { Engine } from '../engine/backend.ts'
import { native, nativeVariants } from '../engine/native.ts'
import { reference } from '../engine/reference/index.ts'
import { wasm } from '../engine/wasm.ts'
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  globalAveragePool2d,
  input,
  maxPool2d,
  model,
} from '../model/functional.ts'
import type { OptimizerInput } from '../recipe/optimizers.ts'
import { hashWeights } from '../record/weights.ts'
import { type TrainingData, trainingData } from './data.ts'
import { type TrainingOptions, train } from './train.ts'

let data: TrainingData
beforeAll(async () => {
  const dataset = await loadDataset(parseSource('silhouettes:train=90,test=10'))
  data = trainingData(dataset, split(dataset.train, { validation: 0.25, seed: 1 }))
})

/** One of everything: convolutions that pool, batch-norm, a residual branch, average pools, dropout. */
function network() {
  const inputs = input([28, 28, 1])
  let x = maxPool2d({ pool: 3, strides: 2 })(conv2d({ filters: 6, strides: 2, activation: 'relu' })(inputs))
  const branch = batchNorm({})(conv2d({ filters: 6 })(x))
  x = activation({ activation: 'relu' })(add()(x, branch))
  x = averagePool2d({ pool: 2 })(conv2d({ filters: 7, kernel: 5, activation: 'tanh' })(x))
  x = dropout({ rate: 0.2 })(globalAveragePool2d()(x))
  return model({ inputs, outputs: dense({ units: 10, activation: 'softmax' })(x) })
}

const everything = (optimizer: OptimizerInput): Omit<TrainingOptions, 'engine' | 'data'> => ({
  model: network(),
  optimizer,
  epochs: 2,
  batch: 16,
  seed: 5,
  labelSmoothing: 0.1,
  clipNorm: 0.5,
  averaging: 0.9,
  schedule: { kind: 'one-cycle' },
  augmentation: { flip: true, translate: 2, erase: { probability: 0.5, low: 3, high: 8 } },
})

async function hashOf(engine: Engine, optimizer: OptimizerInput): Promise<string> {
  const stream = train({ ...everything(optimizer), data, engine })
  let next = await stream.next()
  while (!next.done) next = await stream.next()
  return hashWeights(next.value.weights)
}

describe.each<OptimizerInput>([
  { kind: 'sgd', learningRate: 0.05, weightDecay: 0.01 },
  { kind: 'adam', learningRate: 0.01, weightDecay: 0.01 },
])('training with $kind and everything that we have gives equal bits', (optimizer) => {
  test('strict: reference, WebAssembly, every variant, any number of threads', async () => {
    const expected = await hashOf({ backend: reference, arithmetic: 'strict', threads: 1 }, optimizer)
    expect(await hashOf({ backend: wasm, arithmetic: 'strict', threads: 1 }, optimizer)).toBe(expected)
    for (const variant of nativeVariants()) {
      for (const threads of [1, 2, 3, 7]) {
        const engine: Engine = { backend: native(variant), arithmetic: 'strict', threads }
        expect(await hashOf(engine, optimizer), `${variant}, ${threads} threads`).toBe(expected)
      }
    }
  })
  test.skipIf(nativeVariants().length === 0)('fused: every variant, any number of threads', async () => {
    const hashes = new Set<string>()
    for (const variant of nativeVariants()) {
      for (const threads of [1, 2, 3, 7]) {
        hashes.add(await hashOf({ backend: native(variant), arithmetic: 'fused', threads }, optimizer))
      }
    }
    expect(hashes.size).toBe(1)
  })
})
