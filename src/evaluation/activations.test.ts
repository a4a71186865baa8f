import { expect, test } from 'vitest'
import { key } from '../base/random.ts'
import { drawSilhouettes } from '../data/silhouettes/silhouettes.ts'
import { wasm } from '../engine/wasm.ts'
import { network } from '../model/named.ts'
import { getWeights, initializeWeights, measure, openNetwork } from '../model/network.ts'
import { openLens } from './activations.ts'

const engine = { backend: wasm, arithmetic: 'strict', threads: 1 } as const
const preprocessing = { scale: 1 / 255, shift: 0 }
const images = drawSilhouettes(1, 'test', 3)
const spec = network('cnn-small')

/** The activations of the last of three images, and the probabilities that the network gives in its usual way. */
function look() {
  const usual = openNetwork(spec, engine, { batch: 8, ...preprocessing, loss: 'cross-entropy', key: key(1) })
  initializeWeights(usual, key(2))
  let probabilities: number[] = []
  measure(usual, { ...images, order: Int32Array.of(2) }, (_, batch) => {
    probabilities = Array.from(batch)
  })
  const lens = openLens(spec, engine, preprocessing)
  lens.setWeights(getWeights(usual))
  const seen = lens.show(images.pixels.subarray(2 * 784))
  lens.close()
  usual.close()
  return { seen, probabilities }
}

test('a lens says what the network says, to the last bit', () => {
  const { seen, probabilities } = look()
  expect(Array.from(seen.probabilities)).toEqual(probabilities)
})

test('every layer can be read: a pool gives the largest value of each window of the layer before it', () => {
  const { layers } = look().seen
  expect(layers.map(({ name }) => name)).toEqual(spec.nodes.map(({ name }) => name))
  const [input, convolved, pooled] = layers
  expect(input.values[300]).toBe(Math.fround(images.pixels[2 * 784 + 300] * Math.fround(1 / 255)))
  const [height, width, channels] = convolved.shape
  expect([height, width]).toEqual([28, 28])
  const at = (y: number, x: number, c: number) => convolved.values[(y * width + x) * channels + c]
  pooled.values.forEach((value, i) => {
    const [y, x, c] = [Math.floor(i / channels / 14), Math.floor(i / channels) % 14, i % channels]
    expect(value).toBe(
      Math.max(
        at(2 * y, 2 * x, c),
        at(2 * y, 2 * x + 1, c),
        at(2 * y + 1, 2 * x, c),
        at(2 * y + 1, 2 * x + 1, c),
      ),
    )
  })
})
