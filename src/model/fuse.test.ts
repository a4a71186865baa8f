import { describe, expect, test } from 'vitest'
import { key, uniforms } from '../base/random.ts'
import { REGISTERS } from '../engine/backend.ts'
import { definition } from '../engine/definition/index.ts'
import { optimizer } from '../recipe/optimizers.ts'
import { compile, initialize } from './compile.ts'
import { activation, conv2d, dense, flatten, input, type Layer, maxPool2d, model } from './functional.ts'

const BATCH = 3

/** The words of all weights after two steps, and the names of the operations that made them. */
function trainTwice(layers: readonly Layer[], fuses: boolean) {
  const inputs = input([7, 6, 2])
  const outputs = dense({ units: 3 })(flatten()(layers.reduce((x, layer) => layer(x), inputs)))
  const { update, rates } = optimizer({ kind: 'sgd', learningRate: 0.1 })
  const compiled = compile(model({ inputs, outputs }), {
    batch: BATCH,
    scale: 1 / 255,
    shift: -0.5,
    loss: 'cross-entropy',
    key: key(1),
    update,
    fuses,
  })
  const session = definition.open(compiled.plan, { arithmetic: 'strict', threads: 1 })
  initialize(compiled, session.floats, key(2))
  session.bind({
    images: Uint8Array.from(uniforms(key(3), BATCH * 84), (u) => u * 256),
    labels: Uint8Array.of(0, 1, 2),
    order: Int32Array.of(2, 0, 1),
  })
  session.floats.set(rates(0, 0.1), compiled.rates.offset)
  for (let step = 0; step < 2; step++) {
    session.registers[REGISTERS.count] = BATCH
    session.run('train')
  }
  return {
    weights: Array.from(session.floats.subarray(0, compiled.weights.length)),
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
