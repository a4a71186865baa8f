import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { key, normals, uniforms } from '../../base/random.ts'
import type { Engine } from '../../engine/backend.ts'
import { type Backend, REGISTERS } from '../../engine/backend.ts'
import { native, nativeVariants } from '../../engine/native.ts'
import { openInFloat64, reference } from '../../engine/reference/index.ts'
import { wasm } from '../../engine/wasm.ts'
import { compile } from '../../model/compile.ts'
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
  maxPool2d,
  model,
} from '../../model/functional.ts'
import { network } from '../../model/named.ts'
import { type NamedTensor, unitInterval } from '../../model/network.ts'
import { type ModelSpec, resolve } from '../../model/spec.ts'
import { type ExplainedModel, openExplainer } from './explain.ts'

interface Oracle {
  readonly label: number
  readonly probabilities: readonly number[]
  readonly gradient: readonly number[]
  readonly saliency: readonly number[]
  readonly gradCam: readonly number[]
}
// Values of PyTorch in float64; test/oracles/explanation.py made them and says how.
const oracle = JSON.parse(
  readFileSync(new URL('../../../test/oracles/explanation.json', import.meta.url), 'utf8'),
) as Oracle

const on = (backend: Backend): Engine => ({ backend, arithmetic: 'strict', threads: 1 })

/** The formula of the script: numbers in [−½, ½). */
const noise = (count: number, salt: number) =>
  Float32Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(
      Math.imul(i + 1, 2654435761 | 0) ^ Math.imul(salt, 2246822519 | 0),
      3266489917 | 0,
    )
    return (mixed >>> 0) / 2 ** 32 - 0.5
  })

const image = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7919 + i * i * 31) % 256)

/** The network of the script, with its weights. */
function likeOracle(): ExplainedModel {
  const inputs = input([10, 8, 2])
  const first = maxPool2d({ pool: 2 })(conv2d({ filters: 5, activation: 'relu' })(inputs))
  const branch = batchNorm({})(conv2d({ filters: 5 })(first))
  const last = activation({ activation: 'relu', name: 'joined' })(add()(first, branch))
  const spec = model({ inputs, outputs: dense({ units: 4, activation: 'softmax' })(flatten()(last)) })
  const tensors = tensorsOf(spec, (length, i) => {
    const change = [undefined, undefined, undefined, undefined, plus(1), undefined, times(0.5), plus(1)][i]
    return noise(length, [1, 2, 3, 4, 7, 8, 5, 6, 9, 10][i]).map(change ?? ((x) => x))
  })
  return { spec, tensors, preprocessing: unitInterval, imageShape: [10, 8, 2] }
}
const plus = (a: number) => (x: number) => x + a
const times = (a: number) => (x: number) => x * a

function tensorsOf(spec: ModelSpec, fill: (length: number, i: number) => ArrayLike<number>): NamedTensor[] {
  const parameters = resolve(spec).nodes.flatMap((node) =>
    node.parameters.map((p) => ({ name: `${node.name}/${p.name}`, shape: p.shape })),
  )
  return parameters.map(({ name, shape }, i) => {
    const length = shape.reduce((a, b) => a * b)
    return { name, shape, values: Float32Array.from(fill(length, i)) }
  })
}

describe('what PyTorch finds', () => {
  const close = (found: ArrayLike<number>, expected: readonly number[]) => {
    expect(found.length).toBe(expected.length)
    expected.forEach((value, i) => {
      expect(Math.abs(found[i] - value)).toBeLessThan(2e-6)
    })
  }
  test('is what an explanation says: input gradients, saliency, Grad-CAM past a residual branch and batch-norm', () => {
    const explainer = openExplainer(likeOracle(), on(wasm))
    const found = explainer.explain(image(160), { label: oracle.label })
    expect(explainer.gradCamLayer).toBe('joined')
    close(found.probabilities, oracle.probabilities)
    close(found.gradient, oracle.gradient)
    close(found.saliency.values, oracle.saliency)
    close(found.gradCam!.values, oracle.gradCam)
    explainer.close()
  })
  test('unless asked otherwise the class that the network says is explained', () => {
    const explainer = openExplainer(likeOracle(), on(wasm))
    expect(explainer.explain(image(160)).label).toBe(1)
    expect(explainer.explain(image(160))).toEqual(explainer.explain(image(160), { label: 1 }))
    explainer.close()
  })
})

/** One of everything, with dropout that must not drop and running statistics that are not the batch's. */
function everything(): ModelSpec {
  const inputs = input([12, 12, 1])
  let x = maxPool2d({ pool: 3, strides: 2 })(conv2d({ filters: 4, activation: 'relu' })(inputs))
  const branch = batchNorm({})(conv2d({ filters: 4, kernel: 5 })(x))
  x = activation({ activation: 'relu' })(add()(x, branch))
  x = averagePool2d({ pool: 2 })(conv2d({ filters: 5, activation: 'tanh' })(x))
  x = dense({ units: 6, activation: 'sigmoid' })(dropout({ rate: 0.5 })(globalAveragePool2d()(x)))
  return model({ inputs, outputs: dense({ units: 3, activation: 'softmax' })(batchNorm({})(x)) })
}

describe.each([
  { what: 'a network of every layer', spec: everything() },
  { what: 'mlp-medium', spec: network('mlp-medium', { imageShape: [12, 12, 1], classes: 3 }) },
  { what: 'cnn-medium', spec: network('cnn-medium', { imageShape: [12, 12, 1], classes: 3 }) },
])('$what', ({ spec }) => {
  const tensors = tensorsOf(spec, (length, i) => uniforms(key(i), length).map((u) => u - 0.4)).map((t) =>
    t.name.endsWith('/variance') ? { ...t, values: t.values.map((v) => v + 1) } : t,
  )
  const explained: ExplainedModel = { spec, tensors, preprocessing: unitInterval, imageShape: [12, 12, 1] }
  const pixels = image(144)

  test('input gradients are finite differences of a sum of logits, in float64', () => {
    const logitsName = `${spec.output}/output`
    const dxName = `gradient of ${spec.nodes[0].name}/output`
    const how = { batch: 1, ...unitInterval, loss: 'cross-entropy', key: key(0), explains: true } as const
    const {
      plan,
      parameters,
      readable,
      tensors: places,
    } = compile(spec, {
      ...how,
      read: [logitsName, dxName],
    })
    const explain = plan.programs.explain.filter(({ operation }) => operation !== 'gather')
    const { floats, registers, run } = openInFloat64({ ...plan, programs: { explain } })
    parameters.forEach(({ offset }, i) => {
      floats.set(tensors[i].values, offset)
    })
    const { offset } = places.x
    floats.set(uniforms(key(8), 144), offset)
    registers[REGISTERS.count] = 1
    const seed = normals(key(9), 3)
    const logits = readable.explain!.get(logitsName)!
    const scoreAfter = (i: number, step: number) => {
      const kept = floats[offset + i]
      floats[offset + i] = kept + step
      floats.set(seed, places.seed.offset)
      run('explain')
      floats[offset + i] = kept
      return seed.reduce((sum, share, c) => sum + share * floats[logits.offset + c], 0)
    }
    scoreAfter(0, 0)
    const dx = readable.explain!.get(dxName)!
    const found = floats.slice(dx.offset, dx.offset + dx.length)
    expect(found.every((slope) => slope !== 0)).toBe(true)
    for (let i = 0; i < 144; i += 7) {
      const expected = (scoreAfter(i, 1e-6) - scoreAfter(i, -1e-6)) / 2e-6
      expect(Math.abs(found[i] - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)))
    }
  })

  test('an explanation has the same bits on every backend and with any number of threads', () => {
    const on = (engine: Engine) => {
      const explainer = openExplainer(explained, engine)
      const found = [0, 2].map((label) => explainer.explain(pixels, { label }))
      explainer.close()
      return found
    }
    const expected = on({ backend: reference, arithmetic: 'strict', threads: 1 })
    expect(on({ backend: wasm, arithmetic: 'strict', threads: 1 })).toEqual(expected)
    for (const variant of nativeVariants()) {
      for (const threads of [1, 3])
        expect(on({ backend: native(variant), arithmetic: 'strict', threads })).toEqual(expected)
    }
  })
})

describe('what cannot be explained is refused', () => {
  const opened = (name: string) => {
    const spec = network(name)
    const tensors = tensorsOf(spec, (length, i) => uniforms(key(i), length))
    return openExplainer({ spec, tensors, preprocessing: unitInterval, imageShape: [28, 28, 1] }, on(wasm))
  }
  test('a picture of another size', () => {
    expect(() => opened('mlp-small').explain(image(783))).toThrow('one image of 28×28×1 bytes, received 783')
  })
  test('a class that is not there', () => {
    expect(() => opened('mlp-small').explain(image(784), { label: 10 })).toThrow('0 to 9, received 10')
  })
  test('a layer that has no places, and one of a network that has none', () => {
    const asked = { layer: 'output_layer' }
    expect(() => opened('cnn-small').explain(image(784), asked)).toThrow(
      'a layer that gives an image: input_layer, conv_2d_layer_1, max_pool_2d_layer_1, received "output_layer"',
    )
    expect(() => opened('mlp-small').explain(image(784), { layer: 'conv' })).toThrow('received "conv"')
  })
  test('an MLP has input gradients and no Grad-CAM', () => {
    const { gradCam, saliency } = opened('mlp-small').explain(image(784))
    expect(gradCam).toBeUndefined()
    expect(saliency.values).toHaveLength(784)
  })
})
