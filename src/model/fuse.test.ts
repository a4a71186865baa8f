import { describe, expect, test } from 'vitest'
import { key, uniforms } from '../base/random.ts'
import { reference } from '../engine/reference/index.ts'
import { optimizer } from '../recipe/optimizer.ts'
import { compile } from './compile.ts'
import { activation, conv2d, dense, flatten, input, type Layer, maxPool2d, model } from './functional.ts'
import { getWeights, initializeWeights, networkOf } from './network.ts'

const BATCH = 3

/** The words of all weights after two steps, and the names of the operations that made them. */
function trainTwice(layers: readonly Layer[], fuses: boolean) {
  const inputs = input([7, 6, 2])
  const outputs = dense({ units: 3 })(flatten()(layers.reduce((x, layer) => layer(x), inputs)))
  const chosen = optimizer({ kind: 'sgd', learningRate: 0.1 })
  const options = {
    ...{ batch: BATCH, scale: 1 / 255, shift: -0.5, loss: 'cross-entropy' as const, key: key(1) },
    ...{ optimizer: chosen, fuses },
  } as const
  const compiled = compile(model({ inputs, outputs }), options)
  const session = reference.open(compiled.plan, { arithmetic: 'strict', threads: 1 })
  const network = networkOf(compiled, session, options)
  initializeWeights(network, key(2))
  const examples = {
    pixels: Uint8Array.from(uniforms(key(3), BATCH * 84), (u) => u * 256),
    labels: Uint8Array.of(0, 1, 2),
    order: Int32Array.of(2, 0, 1),
  }
  for (let step = 0; step < 2; step++) {
    network.train({ examples, start: 0, count: BATCH }, { step, learningRate: 0.1 })
  }
  return {
    weights: getWeights(network).map(({ values }) => Array.from(values)),
    operations: compiled.plan.programs.train.map(({ operation }) => operation),
  }
}

const relu = conv2d({ filters: 4, activation: 'relu' })

describe('joining a convolution with its pool', () => {
  test.each<[string, readonly Layer[], boolean]>([
    ['with ReLU', [relu, maxPool2d({ pool: 2 })], true],
    ['without', [conv2d({ filters: 4 }), maxPool2d({ pool: 2 })], true],
    ['with windows that overlap', [relu, maxPool2d({ pool: 3, strides: 2 })], true],
    ['twice', [relu, maxPool2d({ pool: 2 }), relu, maxPool2d({ pool: 2, strides: 1 })], true],
    ['with a tanh between, never', [conv2d({ filters: 4, activation: 'tanh' }), maxPool2d({})], false],
    [
      'with a ReLU apart, never',
      [conv2d({ filters: 4 }), activation({ activation: 'relu' }), maxPool2d({})],
      false,
    ],
  ])('%s', (_, layers, joins) => {
    const [joined, apart] = [trainTwice(layers, true), trainTwice(layers, false)]
    expect(joined.weights).toEqual(apart.weights)
    expect(joined.operations.includes('convolutionPool')).toBe(joins)
    expect(joined.operations.includes('maxPool')).toBe(!joins)
    expect(joined.operations.includes('convolutionPoolGradWeights')).toBe(joins)
  })
})
