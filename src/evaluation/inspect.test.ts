import { describe, expect, test } from 'vitest'
import { key } from '../base/random.ts'
import { drawSilhouettes } from '../data/silhouettes/silhouettes.ts'
import { wasm } from '../engine/wasm.ts'
import { batchNorm, conv2d, dense, flatten, input, maxPool2d, model } from '../model/functional.ts'
import { getWeights, initializeWeights, openNetwork, setWeights, unitInterval } from '../model/network.ts'
import { openLens } from './activations.ts'
import { inspect } from './inspect.ts'

const engine = { backend: wasm, arithmetic: 'strict', threads: 1 } as const
const images = drawSilhouettes(1, 'test', 60)
const order = Int32Array.from({ length: 45 }, (_, i) => 59 - i)

/** A small CNN, drawn at random, one of whose eight filters can never give anything. */
function untrained() {
  const inputs = input([28, 28, 1], 'image')
  let x = maxPool2d({ pool: 4 })(conv2d({ filters: 8, strides: 2, activation: 'relu', name: 'conv' })(inputs))
  x = flatten()(batchNorm({})(x))
  x = dense({ units: 12, activation: 'relu', name: 'hidden' })(x)
  const spec = model({ inputs, outputs: dense({ units: 10, activation: 'softmax', name: 'out' })(x) })
  const network = openNetwork(spec, engine, { batch: 1, ...unitInterval, loss: 'cross-entropy', key: key(1) })
  initializeWeights(network, key(2))
  const tensors = getWeights(network)
  network.close()
  tensors.find(({ name }) => name === 'conv/bias')!.values[3] = -100
  return { spec, tensors, preprocessing: unitInterval, imageShape: [28, 28, 1] }
}

describe('a look into a network over some images', () => {
  const explained = untrained()
  const { probabilities, layers, hidden } = inspect(explained, images, order, engine)
  const lens = openLens(explained.spec, engine, unitInterval)
  lens.setWeights(explained.tensors)
  const shown = Array.from(order, (i) => lens.show(images.pixels.slice(784 * i, 784 * (i + 1))))
  const seen = shown.map((one) => one.layers)
  const valuesOf = (layer: number) => seen.flatMap((one) => Array.from(one[layer].values))

  test('says of every layer the mean, the spread and the zeros of what it gave', () => {
    expect(layers.map(({ name }) => name)).toEqual(explained.spec.nodes.map(({ name }) => name))
    layers.forEach(({ mean, spread, zeros }, layer) => {
      const values = valuesOf(layer)
      const expected = values.reduce((a, b) => a + b) / values.length
      const variance = values.reduce((sum, v) => sum + (v - expected) ** 2, 0) / values.length
      expect(mean).toBeCloseTo(expected, 9)
      expect(spread).toBeCloseTo(Math.sqrt(variance), 9)
      expect(zeros).toBe(values.filter((v) => v === 0).length / values.length)
    })
  })

  test('counts the units that never gave anything', () => {
    expect(layers[1]).toMatchObject({ name: 'conv', units: 8 })
    const values = valuesOf(1)
    const silent = Array.from({ length: 8 }, (_, unit) => unit).filter((unit) =>
      values.every((value, i) => i % 8 !== unit || value === 0),
    )
    expect(silent).toContain(3)
    expect(layers[1].dead).toBe(silent.length)
  })

  test('keeps what the output layer reads, and the probabilities', () => {
    expect(Array.from(probabilities)).toEqual(shown.flatMap((one) => Array.from(one.probabilities)))
    expect(hidden).toMatchObject({ layer: 'hidden', length: 12 })
    expect(Array.from(hidden.values)).toEqual(valuesOf(explained.spec.nodes.length - 2))
  })

  test('says how long the gradient of the mean loss is by each kernel', () => {
    const kernels = ['conv', 'hidden', 'out']
    const network = openNetwork(explained.spec, engine, {
      ...{ batch: 45, ...unitInterval, loss: 'cross-entropy', key: key(0), gradients: true },
      read: kernels.map((name) => `gradient of ${name}/kernel`),
    })
    setWeights(network, explained.tensors)
    network.backward({ examples: { ...images, order }, start: 0, count: 45 })
    for (const { name, gradient } of layers) {
      const isKernel = kernels.includes(name)
      const found = isKernel ? Array.from(network.tensor(`gradient of ${name}/kernel`)) : []
      expect(gradient).toEqual(
        isKernel ? expect.closeTo(Math.sqrt(found.reduce((a, b) => a + b * b, 0)), 5) : undefined,
      )
    }
  })
})

test('what it says does not depend on how many images are taken at once', () => {
  const many = Int32Array.from({ length: 150 }, (_, i) => i % 60)
  const twice = Int32Array.from({ length: 300 }, (_, i) => many[i % 150])
  const [once, again] = [many, twice].map((chosen) => inspect(untrained(), images, chosen, engine).layers)
  again.forEach((layer, i) => {
    expect(layer).toMatchObject({ zeros: once[i].zeros, dead: once[i].dead })
    expect(layer.mean).toBeCloseTo(once[i].mean, 9)
  })
})
