import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { key } from '../base/random.ts'
import { drawSilhouettes } from '../data/silhouettes/silhouettes.ts'
import { chooseBackend } from '../engine/choose.ts'
import { soften } from '../evaluation/temperature.ts'
import { network as named } from '../model/named.ts'
import { getWeights, initializeWeights, measure, openNetwork } from '../model/network.ts'
import { encodeSafetensors } from '../record/safetensors.ts'
import { loadClassifier } from './load.ts'
import type { Predictor } from './predictor.ts'

const images = drawSilhouettes(1, 'train', 70)
const spec = named('mlp-small')
const size = images.height * images.width
const names = Array.from({ length: 10 }, (_, i) => `class ${i}`)
const imageAt = (i: number) => images.pixels.subarray(i * size, (i + 1) * size)

const network = openNetwork(spec, chooseBackend({ arithmetic: 'strict' }), {
  ...{ batch: 32, scale: 1 / 255, shift: 0, loss: 'cross-entropy', key: key(1) },
})
initializeWeights(network, key(1))
const expected: number[][] = []
measure(network, { ...images, order: Int32Array.from({ length: 70 }, (_, i) => i) }, (_, batch) => {
  for (let i = 0; i < batch.length; i += 10) expected.push([...batch.subarray(i, i + 10)])
})
const tensors = getWeights(network)
network.close()

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atelier-serving-'))
})
afterAll(() => rm(directory, { recursive: true }))

const usual = {
  ...{ format: 'atelier', name: 'mlp-small', arithmetic: 'strict', architecture: JSON.stringify(spec) },
  ...{ classNames: JSON.stringify(names), imageShape: '[28,28,1]' },
  preprocessing: JSON.stringify({ scale: 1 / 255, shift: 0 }),
}
async function written(metadata: Readonly<Record<string, string>>): Promise<string> {
  const path = join(directory, 'weights.safetensors')
  await writeFile(path, encodeSafetensors(tensors, metadata))
  return path
}
async function using<T>(
  metadata: Readonly<Record<string, string>>,
  use: (found: Predictor) => T,
): Promise<T> {
  const predictor = await loadClassifier(await written(metadata))
  try {
    return use(predictor)
  } finally {
    predictor.close()
  }
}

test('a network says from its file what it said when it was trained, one image or many', async () => {
  await using(usual, (predictor) => {
    const all = predictor.predictAll(images.pixels)
    expect(all.map(({ probabilities }) => probabilities)).toEqual(expected)
    expect(predictor.predict(imageAt(5))).toEqual(all[5])
    expect(predictor.predictAll(new Uint8Array(0))).toEqual([])
    const { className, label, probability, probabilities, isSure } = all[5]
    expect(className).toBe(names[label])
    expect(probability).toBe(Math.max(...probabilities))
    expect(isSure).toBe(true) // no threshold was fitted
  })
})

test('the fitted temperature makes it less sure, the fitted threshold says when it is not sure', async () => {
  const fitted = { ...usual, temperature: '2', threshold: '0.3' }
  const all = await using(fitted, (predictor) => predictor.predictAll(images.pixels))
  for (const [i, { label, probability, probabilities, isSure }] of all.entries()) {
    const roots = expected[i].map(Math.sqrt)
    const sum = roots.reduce((a, b) => a + b)
    roots.forEach((root, c) => {
      expect(probabilities[c]).toBeCloseTo(root / sum, 6)
    })
    expect(label).toBe(expected[i].indexOf(Math.max(...expected[i])))
    expect(isSure).toBe(probability >= 0.3)
  }
})

test('a temperature keeps impossible classes impossible', () => {
  expect(soften([0, 0.25, 0.75], 2)[0]).toBe(0)
  expect(soften([0, 1e-30, 1], 1)).toEqual([0, 1e-30, 1])
})

test('images of another size are refused', async () => {
  await using(usual, (predictor) => {
    expect(() => predictor.predict(new Uint8Array(783))).toThrow(
      /one image of 28×28×1 bytes, received 783 bytes/,
    )
    expect(() => predictor.predictAll(new Uint8Array(785))).toThrow(/images of 28×28×1 bytes/)
  })
})

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['of another program', { format: 'pt' }, /expected weights that Atelier wrote/],
  ['without class names', { ...usual, classNames: '' }, /classNames: expected JSON, received ""/],
  [
    'with too few class names',
    { ...usual, classNames: '["a","b"]' },
    /output: expected 2 classes, received 10/,
  ],
  ['for other images', { ...usual, imageShape: '[32,32,3]' }, /expected images of shape/],
  ['with a temperature of zero', { ...usual, temperature: '0' }, /temperature: expected a number above 0/],
  [
    'of another network',
    { ...usual, architecture: JSON.stringify(named('cnn-small')) },
    /weights: .*expected/,
  ],
])('weights %s are refused', async (_, metadata, message) => {
  await expect(loadClassifier(await written(metadata))).rejects.toThrow(message)
})

test('a file that is not there, or something else, is told', async () => {
  await expect(loadClassifier(join(directory, 'none'))).rejects.toThrow(
    /expected a weights file, received nothing there/,
  )
  await writeFile(join(directory, 'text'), 'not a network')
  await expect(loadClassifier(join(directory, 'text'))).rejects.toThrow(/expected a safetensors file/)
})
