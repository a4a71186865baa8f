import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadDataset, parseSource } from '../data/source.ts'
import { predict } from './predict.ts'
import { train } from './train.ts'

const data = await loadDataset(parseSource('silhouettes:train=300,test=60'))
const classifier = await train({ model: 'cnn-small', data, epochs: 1, threads: 1 })
const directory = await mkdtemp(join(tmpdir(), 'atelier-predict-'))
afterAll(async () => {
  classifier.close()
  await rm(directory, { recursive: true })
})
const size = 28 * 28
const some = (count: number) => data.train.pixels.subarray(0, count * size)

/** In float64. */
function softmax(logits: Float32Array): number[] {
  const most = Math.max(...logits)
  const powers = Array.from(logits, (logit) => Math.exp(logit - most))
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / sum)
}

test('probabilities are the softmax of the logits, and the likeliest class is predicted', async () => {
  const { probabilities, logits, predicted, classNames } = await predict(classifier, some(7))
  expect([probabilities.shape, logits.shape, predicted.length]).toEqual([[7, 10], [7, 10], 7])
  for (let i = 0; i < 7; i++) {
    const row = probabilities.values.subarray(10 * i, 10 * i + 10)
    softmax(logits.values.subarray(10 * i, 10 * i + 10)).forEach((value, c) => {
      expect(row[c]).toBeCloseTo(value, 6)
    })
    expect(row[predicted[i]]).toBe(Math.max(...row))
  }
  expect(classNames).toEqual(data.classNames)
})

test('any number of images, any batch, a file or a classifier: the same answers to the bit', async () => {
  const path = join(directory, 'weights.safetensors')
  await classifier.save(path)
  const whole = await predict(classifier, some(70), { activations: ['conv_2d_layer_1'] })
  const cut = await predict(
    path,
    { ...data.train, count: 70, pixels: some(70) },
    { batch: 9, activations: ['conv_2d_layer_1'] },
  )
  expect(cut).toEqual(whole)
  expect((await predict(classifier, some(0))).probabilities).toEqual({
    shape: [0, 10],
    values: new Float32Array(0),
  })
})

test('activations have the shape of the layer for each image', async () => {
  const { activations } = await predict(classifier, some(3), {
    activations: ['conv_2d_layer_1', 'flatten_layer'],
  })
  expect(activations.conv_2d_layer_1.shape).toEqual([3, 28, 28, expect.any(Number)])
  expect(Math.min(...activations.conv_2d_layer_1.values)).toBe(0) // behind its ReLU
  const [images, length] = activations.flatten_layer.shape
  expect(activations.flatten_layer.values).toHaveLength(images * length)
})

test('input gradients say how a score changes with a pixel', async () => {
  const mlp = await train({ model: 'mlp-small', data, epochs: 1, threads: 1 })
  const pixels = Uint8Array.from(some(1))
  const { inputGradients, logits } = await predict(mlp, pixels, { inputGradients: 3 })
  expect(inputGradients!.shape).toEqual([1, 28, 28, 1])
  const gradient = Array.from(inputGradients!.values)
  const steepest = gradient.indexOf(Math.max(...gradient.filter((_, i) => pixels[i] < 255)))
  pixels[steepest] += 1
  const moved = (await predict(mlp, pixels)).logits.values[3] - logits.values[3]
  expect((255 * moved) / gradient[steepest]).toBeCloseTo(1, 1)
  mlp.close()
})

describe('what is not there is named', () => {
  test.each([
    [
      () => predict(classifier, new Uint8Array(100)),
      /images: expected a Uint8Array, bytes of shape \[count, 28, 28, 1\], received 100 of/,
    ],
    [
      () => predict(classifier, { count: 1, height: 1, width: 28, channels: 28, pixels: some(1) }),
      /received 784 of shape \[count, 1, 28, 28\]/,
    ],
    [
      () => predict(classifier, new Float32Array(784) as unknown as Uint8Array),
      /images: expected a Uint8Array, .*received Float32Array/,
    ],
    [
      () => predict(classifier, some(1), { activations: ['conv_9'] }),
      /activations: expected layers of the network: .*received "conv_9"/,
    ],
    [
      () => predict(classifier, some(1), { inputGradients: 10 }),
      /expected the number of a class, 0 to 9, received 10/,
    ],
    [() => predict('nowhere', some(1)), /nowhere: expected a weights file, received nothing there/],
  ])('%s', async (call, message) => {
    await expect(call()).rejects.toThrow(message)
  })
})
