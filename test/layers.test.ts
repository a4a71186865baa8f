import { InferenceSession, Tensor } from 'onnxruntime-web'
import { describe, expect, test } from 'vitest'
import { key, normals, uniforms } from '../src/base/random.ts'
import { REGISTERS, type Session } from '../src/engine/backend.ts'
import { openInFloat64, reference } from '../src/engine/reference/index.ts'
import { encodeOnnx } from '../src/exchange/onnx/export.ts'
import { compile } from '../src/model/compile.ts'
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
} from '../src/model/functional.ts'
import { type Shape, volume } from '../src/model/layer.ts'
import type { LayerKindName } from '../src/model/layers/index.ts'
import type { LossName, losses } from '../src/model/losses.ts'
import {
  initializeWeights,
  type NamedTensor,
  networkOf,
  openNetwork,
  setWeights,
} from '../src/model/network.ts'
import { type ModelSpec, parseModel } from '../src/model/spec.ts'

const BATCH = 3
const STEP = 1e-6

/** The layers of a network and the shape of its input. */
type Case = readonly [layers: Layer | readonly Layer[], shape: Shape]

/** Flattens and ends in a few classes. */
const classify: Layer = (x) => dense({ units: 4 })(flatten()(x))
const tanh = activation({ activation: 'tanh' })

/** What every kind of layer is tried in: a new kind without its cases does not compile. */
const cases = {
  input: { features: [dense({ units: 3 }), [5]], image: [classify, [2, 3, 2]] },
  dense: {
    linear: [dense({ units: 5 }), [4]],
    relu: [[dense({ units: 7, activation: 'relu' }), dense({ units: 3 })], [4]],
    sigmoid: [[dense({ units: 7, activation: 'sigmoid' }), dense({ units: 3 })], [4]],
    tanh: [[dense({ units: 7, activation: 'tanh' }), dense({ units: 3 })], [4]],
    'softmax within': [[dense({ units: 6, activation: 'softmax' }), dense({ units: 3 })], [4]],
  },
  conv2d: {
    same: [
      [conv2d({ filters: 3, kernel: 3 }), classify],
      [5, 4, 2],
    ],
    'valid, relu': [
      [conv2d({ filters: 3, kernel: 2, padding: 'valid', activation: 'relu' }), classify],
      [5, 4, 2],
    ],
    strides: [
      [conv2d({ filters: 2, kernel: [3, 5], strides: [2, 3], activation: 'tanh' }), classify],
      [6, 7, 2],
    ],
    dilation: [
      [conv2d({ filters: 2, kernel: 3, dilation: [2, 1] }), classify],
      [7, 5, 1],
    ],
    '1×1, then 3×3': [
      [conv2d({ filters: 4, kernel: 1, activation: 'relu' }), conv2d({ filters: 2, kernel: 3 }), classify],
      [4, 4, 3],
    ],
  },
  maxPool2d: {
    'behind a convolution': [
      [conv2d({ filters: 2, kernel: 3 }), maxPool2d({ pool: 2 }), classify],
      [7, 7, 1],
    ],
    'overlapping, valid': [
      [maxPool2d({ pool: 3, strides: 2, padding: 'valid' }), classify],
      [7, 7, 2],
    ],
    'strides of one': [
      [maxPool2d({ pool: [2, 3], strides: 1 }), classify],
      [4, 5, 2],
    ],
  },
  averagePool2d: {
    apart: [
      [averagePool2d({ pool: [2, 3], strides: 2 }), classify],
      [5, 6, 2],
    ],
    overlapping: [
      [averagePool2d({ pool: 3, strides: 1 }), classify],
      [4, 4, 2],
    ],
  },
  globalAveragePool2d: {
    channels: [
      [globalAveragePool2d(), dense({ units: 3 })],
      [3, 4, 5],
    ],
  },
  batchNorm: {
    features: [[dense({ units: 5 }), batchNorm({}), dense({ units: 3 })], [4]],
    images: [
      [batchNorm({}), tanh, classify],
      [3, 4, 3],
    ],
  },
  flatten: {
    image: [
      [flatten(), dense({ units: 3 })],
      [2, 3, 2],
    ],
  },
  dropout: { features: [[dropout({ rate: 0.4 }), dense({ units: 3 })], [30]] },
  activation: {
    sigmoid: [[activation({ activation: 'sigmoid' }), dense({ units: 3 })], [6]],
    softmax: [[activation({ activation: 'softmax' }), dense({ units: 3 })], [6]],
  },
  add: {
    'a residual branch': [
      [(x) => add()(conv2d({ filters: 3, activation: 'tanh' })(x), x), classify],
      [4, 4, 3],
    ],
    'of one tensor to itself': [
      [(x) => add()(x, x), classify],
      [2, 2, 3],
    ],
  },
} satisfies Record<LayerKindName, Readonly<Record<string, Case>>>

function specOf([layers, shape]: Case): ModelSpec {
  const inputs = input(shape)
  const chain = Array.isArray(layers) ? layers : [layers as Layer]
  return model({ inputs, outputs: flatten()(chain.reduce((x, layer) => layer(x), inputs)) })
}

interface LossOptions {
  readonly loss?: LossName
  readonly labelSmoothing?: number
}

/** A network's way there and back in float64, filled with random weights (biases too), inputs and labels. */
function openRandomly(spec: ModelSpec, loss: LossOptions) {
  const learned = spec.nodes.length > 0 ? parametersOf(spec) : []
  const names = [...learned, `${spec.nodes[0].name}/output`]
  const read = names.flatMap((name) => [name, `gradient of ${name}`])
  const options = {
    ...{ batch: BATCH, scale: 1, shift: 0, loss: 'cross-entropy' as LossName, key: key(1) },
    ...{ gradients: true, read, ...loss },
  }
  const compiled = compile(spec, options)
  const gradients = compiled.plan.programs.backward.filter(({ operation }) => operation !== 'gather')
  const lossAt = gradients.findIndex(({ operation }) => operation === 'crossEntropy')
  const programs = { gradients, loss: gradients.slice(0, lossAt + 1) }
  const session = openInFloat64({ ...compiled.plan, programs })
  initializeWeights(networkOf(compiled, session, options), key(2))
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
  return { compiled, session, names, tensors: compiled.readable.backward! }
}

const parametersOf = (spec: ModelSpec) =>
  compile(spec, { batch: 1, scale: 1, shift: 0, loss: 'cross-entropy', key: key(1) })
    .parameters.filter(({ role }) => role !== 'statistic')
    .map(({ name }) => name)

/** The batch's mean loss. */
function lossOf({ offset }: { readonly offset: number }, session: Session): number {
  session.run('loss')
  return Array.from(session.floats.subarray(offset, offset + BATCH)).reduce((a, b) => a + b, 0) / BATCH
}

/** The way back is the derivative of the way forward, by parameters and by the input. */
function checkGradients(spec: ModelSpec, loss: LossOptions = {}) {
  const { compiled, session, names, tensors } = openRandomly(spec, loss)
  session.run('gradients')
  const found = names.map((name) => {
    const { offset, length, batched } = tensors.get(`gradient of ${name}`)!
    return session.floats.slice(offset, offset + length * (batched ? BATCH : 1))
  })
  const nudged = (word: number, step: number) => {
    const kept = session.floats[word]
    session.floats[word] = kept + step
    const after = lossOf(compiled.tensors.losses, session)
    session.floats[word] = kept
    return after
  }
  names.forEach((name, n) => {
    const { offset } = tensors.get(name)!
    const some = Math.max(1, Math.floor(found[n].length / 40))
    for (let i = 0; i < found[n].length; i += some) {
      const expected = (nudged(offset + i, STEP) - nudged(offset + i, -STEP)) / (2 * STEP)
      expect(Math.abs(found[n][i] - expected), `${name}[${i}]`).toBeLessThan(1e-7 + 1e-6 * Math.abs(expected))
    }
  })
}

const engine = { backend: reference, arithmetic: 'strict', threads: 1 } as const
const preprocessing = { scale: 1 / 255, shift: -0.5 }

/** Weights that are not those that one begins with: statistics too. */
function weightsOf(spec: ModelSpec): NamedTensor[] {
  const options = { batch: 1, ...preprocessing, loss: 'cross-entropy', key: key(1) } as const
  return compile(spec, options).parameters.map(({ name, shape, length }) => {
    const drawn = Float32Array.from(normals(key(6).child(name), length), (x) => x / 2)
    return { name, shape, values: name.endsWith('variance') ? drawn.map((x) => 0.5 + x * x) : drawn }
  })
}

/** The class probabilities of images, so many at a time, by a network whose chance has a key of its own. */
function predict(spec: ModelSpec, pixels: Uint8Array, batch: number, chance: number): number[] {
  const options = { batch, ...preprocessing, loss: 'cross-entropy', key: key(chance) } as const
  const network = openNetwork(spec, engine, options)
  setWeights(network, weightsOf(spec))
  const size = batch * volume(network.model.input.shape)
  const parts = Array.from({ length: pixels.length / size }, (_, i) => [
    ...network.predict(pixels.subarray(i * size, (i + 1) * size)),
  ])
  network.close()
  return parts.flat()
}

async function predictByOnnx(spec: ModelSpec, pixels: Uint8Array, classes: number): Promise<number[]> {
  const shape = compile(spec, { batch: 1, ...preprocessing, loss: 'cross-entropy', key: key(1) }).resolved
    .input.shape
  const imageShape = shape.length === 3 ? shape : [1, volume(shape), 1]
  const file = encodeOnnx({
    ...{ name: 'layer', spec, tensors: weightsOf(spec), preprocessing, imageShape, metadata: {} },
    ...{ classNames: Array.from({ length: classes }, (_, i) => `class ${i}`), arithmetic: 'strict' },
  })
  const session = await InferenceSession.create(file, { executionProviders: ['wasm'] })
  const values = Float32Array.from(pixels, (byte) => byte * preprocessing.scale + preprocessing.shift)
  const image = new Tensor('float32', values, [BATCH, ...imageShape])
  const { probabilities } = await session.run({ image })
  await session.release()
  return [...(probabilities.data as Float32Array)]
}

const every = Object.entries(cases).flatMap(([kind, byName]) =>
  Object.entries(byName).map(([name, one]) => [`${kind}: ${name}`, specOf(one as Case)] as const),
)

describe.each(every)('%s', (_, spec) => {
  const size = volume(
    compile(spec, { batch: 1, ...preprocessing, loss: 'cross-entropy', key: key(1) }).resolved.input.shape,
  )
  const pixels = Uint8Array.from(uniforms(key(7), BATCH * size), (u) => u * 256)

  test('carries its way back: gradients are finite differences, in float64', () => checkGradients(spec))

  test('comes back from JSON as it was', () => {
    expect(parseModel(JSON.parse(JSON.stringify(spec)), 'a file')).toEqual(spec)
  })

  test('when it is evaluated, an image has its own answer, whatever the batch and the chance', () => {
    const together = predict(spec, pixels, BATCH, 1)
    expect(predict(spec, pixels, 1, 1)).toEqual(together)
    expect(predict(spec, pixels, BATCH, 2)).toEqual(together)
  })

  test('says the same in ONNX Runtime', async () => {
    const here = predict(spec, pixels, BATCH, 1)
    const there = await predictByOnnx(spec, pixels, here.length / BATCH)
    here.forEach((p, i) => {
      expect(there[i]).toBeCloseTo(p, 5)
    })
  })
})

/** What every loss is tried with: a new one without its cases does not compile. */
const lossCases = {
  'cross-entropy': [{}, { labelSmoothing: 0.1 }],
  'softmax-twice': [{}],
} satisfies Record<keyof typeof losses, readonly LossOptions[]>

describe.each(Object.entries(lossCases))('the loss %s', (loss, options) => {
  test.each(options)('carries its way back, with %j', (more) => {
    checkGradients(specOf([dense({ units: 4 }), [3]]), { loss: loss as LossName, ...more })
  })
})
