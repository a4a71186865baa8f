import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { key } from '../src/base/random.ts'
import type { Backend } from '../src/engine/backend.ts'
import { openInFloat64, reference } from '../src/engine/reference/index.ts'
import { network } from '../src/model/named.ts'
import { openNetwork, setWeights } from '../src/model/network.ts'
import { optimizer } from '../src/recipe/optimizer.ts'
import type { OptimizerInput } from '../src/recipe/optimizers.ts'

interface Oracle {
  readonly batch: number
  readonly runs: readonly {
    readonly model: string
    readonly optimizer: 'sgd' | 'adam'
    readonly losses: readonly number[]
    readonly parameters: readonly {
      readonly sum: number
      readonly squares: number
      readonly some: readonly number[]
    }[]
  }[]
}
// Values of PyTorch in float64; oracles/pytorch_steps.py made them and says how.
const oracle = JSON.parse(
  readFileSync(new URL('oracles/pytorch_steps.json', import.meta.url), 'utf8'),
) as Oracle

const optimizers: Record<string, OptimizerInput> = {
  sgd: { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true },
  adam: { kind: 'adam', learningRate: 0.001, epsilon: 1e-7 },
}

/** The formula of the script: numbers in [−½, ½). */
const noise = (count: number, salt: number) =>
  Float32Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(
      Math.imul(i + 1, 2654435761 | 0) ^ Math.imul(salt, 2246822519 | 0),
      3266489917 | 0,
    )
    return (mixed >>> 0) / 2 ** 32 - 0.5
  })

function startingWeights(shapes: readonly { name: string; shape: readonly number[] }[]) {
  return shapes.map(({ name, shape }, salt) => {
    const count = shape.reduce((a, b) => a * b)
    const scale = shape.length === 1 ? 0.1 : Math.sqrt(24 / (count / shape[shape.length - 1]))
    return { name, shape, values: noise(count, salt).map((x) => x * scale) }
  })
}

const float64: Backend = { ...reference, open: openInFloat64 }

/** Trains for as many steps as the oracle did; returns the losses and the weights. */
function trainLikeOracle({ model, optimizer: kind, losses }: Oracle['runs'][number], backend: Backend) {
  const chosen = optimizer(optimizers[kind])
  const opened = openNetwork(
    network(model),
    { backend, arithmetic: 'strict', threads: 1 },
    {
      batch: oracle.batch,
      scale: 1 / 255,
      shift: 0,
      loss: 'cross-entropy',
      key: key(1),
      optimizer: chosen,
    },
  )
  setWeights(opened, startingWeights(opened.weights()))
  const examples = {
    pixels: Uint8Array.from({ length: oracle.batch * 784 }, (_, i) => (i * 7919 + i * i * 31) % 256),
    labels: Uint8Array.from({ length: oracle.batch }, (_, i) => (i * 3) % 10),
    order: Int32Array.from({ length: oracle.batch }, (_, i) => i),
  }
  const batch = { examples, start: 0, count: oracle.batch }
  const found = losses.map((_, step) => {
    const result = opened.train(batch, { step, learningRate: chosen.spec.learningRate })
    return Array.from(result.losses).reduce((a, b) => a + b) / oracle.batch
  })
  const weights = opened.weights().map(({ name, values }) => ({ name, values: Array.from(values) }))
  return { losses: found, weights }
}

describe.each(oracle.runs)('$model with $optimizer takes the steps that PyTorch takes', (run) => {
  const exact = trainLikeOracle(run, float64)

  test('the reference in float64: losses', () => {
    exact.losses.forEach((loss, step) => {
      expect(loss / run.losses[step]).toBeCloseTo(1, 9)
    })
  })

  const pairs = exact.weights.map(({ name, values }, i) => ({ name, values, ...run.parameters[i] }))
  test.each(pairs)('the reference in float64: $name', ({ values, sum, squares, some }) => {
    const every = Math.max(1, Math.floor(values.length / 7))
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(sum, 7)
    expect(values.reduce((a, b) => a + b * b, 0) / squares).toBeCloseTo(1, 9)
    some.forEach((value, i) => {
      expect(values[i * every]).toBeCloseTo(value, 9)
    })
  })

  test('the reference in float32: the first loss, before rounding errors grow', () => {
    const [loss] = trainLikeOracle({ ...run, losses: run.losses.slice(0, 1) }, reference).losses
    expect(loss / run.losses[0]).toBeCloseTo(1, 5)
  })
})
