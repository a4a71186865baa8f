import { describe, expect, test } from 'vitest'
import { key, normals, uniforms } from '../base/random.ts'
import { REGISTERS, type Session } from '../engine/backend.ts'
import { openInFloat64 } from '../engine/definition/index.ts'
import { type Compiled, compile, initialize, type LossName } from './compile.ts'
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePool2d,
  input,
  type Layer,
  maxPool2d,
  model,
} from './functional.ts'
import type { Shape } from './layer.ts'

const BATCH = 3
const STEP = 1e-6

/** A network in float64, filled with random weights (biases too), inputs and labels. */
interface LossOptions {
  readonly loss?: LossName
  readonly labelSmoothing?: number
}

function openRandomly(layers: readonly Layer[], shape: Shape, loss: LossOptions) {
  const inputs = input(shape)
  const outputs = flatten()(layers.reduce((x, layer) => layer(x), inputs))
  const compiled = compile(model({ inputs, outputs }), {
    batch: BATCH,
    scale: 1,
    shift: 0,
    loss: 'cross-entropy',
    ...loss,
    key: key(1),
    gradients: true,
  })
  const session = openInFloat64(compiled.plan)
  initialize(compiled, session.floats, key(2))
  const { x, labels } = compiled.tensors
  session.floats.set(normals(key(4), x.length * BATCH), x.offset)
  session.floats.set(
    uniforms(key(5), BATCH).map((u) => Math.floor(u * compiled.classes)),
    labels.offset,
  )
  for (const { name, offset, length } of compiled.parameters) {
    if (name.endsWith('bias')) session.floats.set(normals(key(3).child(name), length), offset)
  }
  session.registers[REGISTERS.count] = BATCH
  return { compiled, session }
}

/** The batch's mean loss. */
function lossOf({ tensors }: Compiled, session: Session): number {
  session.run('loss')
  const { offset } = tensors.losses
  return Array.from(session.floats.subarray(offset, offset + BATCH)).reduce((a, b) => a + b, 0) / BATCH
}

function slope(compiled: Compiled, session: Session, word: number): number {
  const kept = session.floats[word]
  session.floats[word] = kept + STEP
  const above = lossOf(compiled, session)
  session.floats[word] = kept - STEP
  const below = lossOf(compiled, session)
  session.floats[word] = kept
  return (above - below) / (2 * STEP)
}

/** The contract of layers: the way back is the derivative of the way forward, by parameters and by the input. */
function describeLayer(name: string, layers: Layer | readonly Layer[], shape: Shape, loss: LossOptions = {}) {
  describe(name, () => {
    const { compiled, session } = openRandomly(
      Array.isArray(layers) ? layers : [layers as Layer],
      shape,
      loss,
    )
    session.run('gradients')
    const { x, dx } = compiled.tensors
    const checked = [
      ...compiled.parameters
        .filter(({ role }) => role !== 'statistic')
        .map((p) => ({
          name: p.name,
          at: p.offset,
          length: p.length,
          gradient: p.offset + compiled.gradients.offset,
        })),
      { name: 'input', at: x.offset, length: x.length * BATCH, gradient: dx!.offset },
    ].map((place) => ({
      ...place,
      found: Array.from(session.floats.subarray(place.gradient, place.gradient + place.length)),
    }))
    test.each(checked)('$name', ({ at, length, found }) => {
      const some = Math.max(1, Math.floor(length / 40))
      for (let i = 0; i < length; i += some) {
        const expected = slope(compiled, session, at + i)
        expect(Math.abs(found[i] - expected)).toBeLessThan(1e-7 + 1e-6 * Math.abs(expected))
      }
    })
  })
}

describe('each layer carries its way back', () => {
  describeLayer('dense', dense({ units: 5 }), [4])
  describeLayer('dense, relu', [dense({ units: 7, activation: 'relu' }), dense({ units: 3 })], [4])
  describeLayer('dense, sigmoid', [dense({ units: 7, activation: 'sigmoid' }), dense({ units: 3 })], [4])
  describeLayer('dense, tanh', [dense({ units: 7, activation: 'tanh' }), dense({ units: 3 })], [4])
  describeLayer(
    'dense, softmax within',
    [dense({ units: 6, activation: 'softmax' }), dense({ units: 3 })],
    [4],
  )
  describeLayer('conv2d, same', [conv2d({ filters: 3, kernel: 3 }), dense2()], [5, 4, 2])
  describeLayer(
    'conv2d, valid, relu',
    [conv2d({ filters: 3, kernel: 2, padding: 'valid', activation: 'relu' }), dense2()],
    [5, 4, 2],
  )
  describeLayer(
    'conv2d, strides',
    [conv2d({ filters: 2, kernel: [3, 5], strides: [2, 3], activation: 'tanh' }), dense2()],
    [6, 7, 2],
  )
  describeLayer(
    'conv2d, dilation',
    [conv2d({ filters: 2, kernel: 3, dilation: [2, 1] }), dense2()],
    [7, 5, 1],
  )
  describeLayer(
    'conv2d, 1×1, then conv2d',
    [conv2d({ filters: 4, kernel: 1, activation: 'relu' }), conv2d({ filters: 2, kernel: 3 }), dense2()],
    [4, 4, 3],
  )
  describeLayer('maxPool2d', [conv2d({ filters: 2, kernel: 3 }), maxPool2d({ pool: 2 }), dense2()], [7, 7, 1])
  describeLayer(
    'maxPool2d, overlapping, valid',
    [maxPool2d({ pool: 3, strides: 2, padding: 'valid' }), dense2()],
    [7, 7, 2],
  )
  describeLayer('maxPool2d, strides of one', [maxPool2d({ pool: [2, 3], strides: 1 }), dense2()], [4, 5, 2])
  describeLayer('dropout', [dropout({ rate: 0.4 }), dense({ units: 3 })], [30])
  describeLayer('activation', [activation({ activation: 'sigmoid' }), dense({ units: 3 })], [6])
  describeLayer('averagePool2d', [averagePool2d({ pool: [2, 3], strides: 2 }), dense2()], [5, 6, 2])
  describeLayer('averagePool2d, overlapping', [averagePool2d({ pool: 3, strides: 1 }), dense2()], [4, 4, 2])
  describeLayer('globalAveragePool2d', [globalAveragePool2d(), dense({ units: 3 })], [3, 4, 5])
  describeLayer('batchNorm of features', [dense({ units: 5 }), batchNorm({}), dense({ units: 3 })], [4])
  describeLayer(
    'batchNorm of images',
    [batchNorm({}), activation({ activation: 'tanh' }), dense2()],
    [3, 4, 3],
  )
  describeLayer('add', residual(conv2d({ filters: 3, activation: 'tanh' })), [4, 4, 3])
  describeLayer('add, of one tensor to itself', [(x) => add()(x, x), dense2()], [2, 2, 3])
  describeLayer('flatten', [flatten(), dense({ units: 3 })], [2, 3, 2])
})

describe('each loss carries its way back', () => {
  describeLayer('cross-entropy', dense({ units: 4 }), [3])
  describeLayer('softmax-twice', dense({ units: 4 }), [3], { loss: 'softmax-twice' })
  describeLayer('cross-entropy with smoothed labels', dense({ units: 4 }), [3], { labelSmoothing: 0.1 })
})

/** x + layer(x), then a few classes. */
function residual(layer: Layer): readonly Layer[] {
  return [(x) => add()(layer(x), x), dense2()]
}

/** Flattens and ends in a few classes. */
function dense2(): Layer {
  return (x) => dense({ units: 4 })(flatten()(x))
}
