import { key, words } from '../src/base/random.ts'
import type { Arithmetic, Engine } from '../src/engine/backend.ts'
import { chooseBackend } from '../src/engine/choose.ts'
import { volume } from '../src/model/layer.ts'
import {
  type Examples,
  initializeWeights,
  type Network,
  openNetwork,
  unitInterval,
} from '../src/model/network.ts'
import type { ModelSpec } from '../src/model/spec.ts'
import { optimizer } from '../src/recipe/optimizer.ts'
import type { Contender } from './interleave.ts'

/** Images and labels of noise: what they show makes no difference to the time. */
const IMAGES = 4096
const drawn = (name: string, count: number) => words(key(1).child(name), new Uint32Array(count))

/** What a network learns while it is timed. */
export const momentum = { learningRate: 0.01, momentum: 0.9, nesterov: true } as const

/** A network with weights, and images for it. */
export interface Opened {
  readonly network: Network
  readonly examples: Examples
}

/** A network with weights and images, ready to run. */
export function openFilled(model: ModelSpec, engine: Engine, batch: number): Opened {
  const chosen = optimizer({ kind: 'sgd', ...momentum })
  const network = openNetwork(model, engine, {
    batch,
    ...unitInterval,
    loss: 'cross-entropy',
    key: key(1).child('layers'),
    optimizer: chosen,
  })
  initializeWeights(network, key(1).child('weights'))
  const size = volume(network.model.input.shape)
  const examples = {
    pixels: Uint8Array.from(drawn('pixels', IMAGES * size), (word) => word >>> 24),
    labels: Uint8Array.from(drawn('labels', IMAGES), (word) => word % network.classes),
    order: Int32Array.from({ length: IMAGES }, (_, i) => i),
  }
  return { network, examples }
}

/** Trains or evaluates a network on one batch after another. */
export function contender(
  name: string,
  { network, examples }: Opened,
  program: 'train' | 'evaluate',
): Contender {
  const { batch: count } = network
  const { learningRate } = momentum
  let taken = 0
  return {
    name,
    run(steps) {
      const began = performance.now()
      for (let i = 0; i < steps; i++, taken++) {
        const batch = { examples, start: (taken * count) % (examples.order.length - count + 1), count }
        if (program === 'train') network.train(batch, { step: taken, learningRate })
        else network.evaluate(batch)
      }
      return performance.now() - began
    },
    close: () => network.close(),
  }
}

/** One way of computing that we offer. */
export interface Way {
  readonly name: string
  readonly backend: 'native' | 'wasm'
  readonly arithmetic: Arithmetic
  readonly threads: number
}

const ways: readonly Way[] = [
  { name: 'fused, 2 threads', backend: 'native', arithmetic: 'fused', threads: 2 },
  { name: 'fused, 1 thread', backend: 'native', arithmetic: 'fused', threads: 1 },
  { name: 'strict, 2 threads', backend: 'native', arithmetic: 'strict', threads: 2 },
  { name: 'strict, 1 thread', backend: 'native', arithmetic: 'strict', threads: 1 },
  { name: 'wasm, 1 thread', backend: 'wasm', arithmetic: 'strict', threads: 1 },
]

/** Those that this machine can run; the others with the reason. */
export function availableWays(): { ways: Way[]; missing: string[] } {
  const missing: string[] = []
  const available = ways.filter((way) => {
    try {
      return chooseBackend(way).backend.arithmetics.includes(way.arithmetic)
    } catch (error) {
      missing.push(`${way.name}: ${(error as Error).message}`)
      return false
    }
  })
  return { ways: available, missing }
}
