import { key } from '../../src/base/random.ts'
import type { Engine } from '../../src/engine/backend.ts'
import type { CompileOptions } from '../../src/model/compile.ts'
import * as layers from '../../src/model/functional.ts'
import { network } from '../../src/model/named.ts'
import { getWeights, initializeWeights, openNetwork } from '../../src/model/network.ts'
import type { ModelSpec } from '../../src/model/spec.ts'
import { augmentationAttributes } from '../../src/recipe/augmentation.ts'
import { optimizer } from '../../src/recipe/optimizer.ts'
import type { OptimizerInput } from '../../src/recipe/optimizers.ts'

/** A short training that must come to the same weights wherever it runs. */
export interface Recipe {
  readonly name: string
  readonly model: ModelSpec
  readonly optimizer: OptimizerInput
  readonly options?: Partial<CompileOptions>
}

/** A residual block with batch-norm between average pools. */
function residual(): ModelSpec {
  const { activation, add, averagePool2d, batchNorm, conv2d, dense, globalAveragePool2d, input } = layers
  const relu = activation({ activation: 'relu' })
  const inputs = input([28, 28, 1])
  const first = relu(batchNorm({})(conv2d({ filters: 16, kernel: 3 })(inputs)))
  const pooled = averagePool2d({ pool: 2 })(first)
  const second = batchNorm({})(conv2d({ filters: 16, kernel: 5 })(pooled))
  const features = globalAveragePool2d()(relu(add()(pooled, second)))
  return layers.model({ inputs, outputs: dense({ units: 10, activation: 'softmax' })(features) })
}

const usual = (['mlp-medium', 'cnn-medium'] as const).flatMap((name): Recipe[] => [
  { name, model: network(name), optimizer: { kind: 'sgd' } },
  {
    name: `${name} with dropout, by Adam`,
    model: network(name, { dropout: 0.25 }),
    optimizer: { kind: 'adam' },
  },
])
export const recipes: readonly Recipe[] = [
  ...usual,
  {
    name: 'a residual block with batch-norm, by AdamW, and everything else that there is',
    model: residual(),
    optimizer: { kind: 'adam', weightDecay: 0.01 },
    options: {
      augmentation: augmentationAttributes(
        { flip: true, translate: 2, fill: 7, erase: { probability: 0.5, low: 3, high: 9 } },
        [28, 28, 1],
        key(1).child('augmentation'),
      ),
      ...{ labelSmoothing: 0.1, clipNorm: 0.5, averages: true },
    },
  },
]

/** What one training gave. */
export interface Trained {
  /** SHA-256 of all weights. */
  readonly hash: string
  /** Of a step of 32 images, once the engine is warm. */
  readonly milliseconds: number
}

const BATCH = 32
/** The last batch is a short one. */
const LAST = 7
const STEPS = 20
const IMAGES = (STEPS - 1) * BATCH + LAST

const drawExamples = () => ({
  pixels: Uint8Array.from({ length: IMAGES * 784 }, (_, i) => (i * 7919 + (i >> 3) * (i % 31)) % 256),
  labels: Uint8Array.from({ length: IMAGES }, (_, i) => (i * 7) % 10),
  order: Int32Array.from({ length: IMAGES }, (_, i) => (i * 37) % IMAGES),
})

async function sha256(arrays: readonly Float32Array[]): Promise<string> {
  const bytes = await new Blob(arrays as Float32Array<ArrayBuffer>[]).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Milliseconds of a call: the least within half a second, so that other programs count little; warm after a third. */
function time(call: () => void): number {
  let least = Number.POSITIVE_INFINITY
  const begun = performance.now()
  for (let now = begun; now < begun + 800; ) {
    call()
    const after = performance.now()
    if (now > begun + 300) least = Math.min(least, after - now)
    now = after
  }
  return least
}

/** Trains for 20 steps from drawn weights, and then goes on to see how long a step takes where that is asked for. */
export async function train(recipe: Recipe, engine: Engine, isTimed = false): Promise<Trained> {
  const chosen = optimizer(recipe.optimizer)
  const opened = openNetwork(recipe.model, engine, {
    ...{ batch: BATCH, scale: 1 / 255, shift: 0, loss: 'cross-entropy' },
    ...{ key: key(1), optimizer: chosen, ...recipe.options },
  })
  const { learningRate } = chosen.spec
  initializeWeights(opened, key(2))
  const examples = drawExamples()
  const step = (number: number, count: number) => {
    const rates = { step: number, epoch: 1 + (number >> 3), learningRate, averaging: 0.75 }
    opened.train({ examples, start: number * BATCH, count }, rates)
  }
  for (let number = 0; number < STEPS; number++) step(number, number < STEPS - 1 ? BATCH : LAST)
  const hash = await sha256(getWeights(opened).map(({ values }) => values))
  const milliseconds = isTimed ? time(() => step(0, BATCH)) : Number.NaN
  opened.close()
  return { hash, milliseconds }
}
