import { key, words } from '../base/random.ts'
import type { Arithmetic, Engine } from '../engine/backend.ts'
import { conv2d, dense, dropout, flatten, input, maxPool2d, model } from '../model/functional.ts'
import { type Examples, getWeights, initializeWeights, openNetwork, unitInterval } from '../model/network.ts'
import { optimizer } from '../recipe/optimizer.ts'
import { hashWeights } from '../record/weights.ts'

/** What every machine gives; a test holds the definition and every native variant to it. */
export const fingerprints: Readonly<Record<Arithmetic, string>> = {
  strict: 'a97bd3d811ac',
  fused: '322b1c23b87c',
}

const [IMAGES, BATCH, STEPS] = [24, 8, 12]

/** Small, with one of everything that multiplies, adds, takes exponentials or draws. */
function tinyNetwork() {
  const inputs = input([9, 7, 1])
  let x = conv2d({ filters: 5, activation: 'relu' })(inputs)
  x = conv2d({ filters: 6, kernel: [2, 3], activation: 'tanh' })(maxPool2d({ pool: 2 })(x))
  x = dropout({ rate: 0.25 })(dense({ units: 11, activation: 'sigmoid' })(flatten()(x)))
  return model({ inputs, outputs: dense({ units: 3, activation: 'softmax' })(x), name: 'fingerprint' })
}

/** Bytes and class numbers drawn from nothing but this file. */
function drawExamples(pixels: number): Examples {
  const drawn = (name: string, count: number) =>
    words(key(1).child('fingerprint').child(name), new Uint32Array(count))
  return {
    pixels: Uint8Array.from(drawn('pixels', IMAGES * pixels), (word) => word >>> 24),
    labels: Uint8Array.from(drawn('labels', IMAGES), (word) => word % 3),
    order: Int32Array.from({ length: IMAGES }, (_, i) => i),
  }
}

/**
 * Twelve hexadecimal digits that stand for an engine's arithmetic: the hash of a tiny network's weights after a few
 * steps of training. Engines that agree to the last bit agree in it, and two people can compare it by telephone.
 */
export function fingerprint(engine: Engine): string {
  const chosen = optimizer({ kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true })
  const root = key(1)
  const network = openNetwork(tinyNetwork(), engine, {
    batch: BATCH,
    ...unitInterval,
    loss: 'cross-entropy',
    key: root.child('layers'),
    optimizer: chosen,
  })
  try {
    initializeWeights(network, root.child('weights'))
    const examples = drawExamples(9 * 7)
    for (let step = 0; step < STEPS; step++) {
      const batch = { examples, start: (step * BATCH) % IMAGES, count: BATCH }
      network.train(batch, { step, learningRate: 0.05 })
    }
    return hashWeights(getWeights(network)).slice(0, 12)
  } finally {
    network.close()
  }
}
