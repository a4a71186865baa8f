import { describe, expect, test } from 'vitest'
import { drawSilhouettes } from '../data/silhouettes/silhouettes.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import { datasetOf } from './dataset-of.ts'
import { train } from './train.ts'

const images = drawSilhouettes(1, 'train', 200)
const { pixels } = images
const labels = [...images.labels]
const shape = [28, 28, 1] as const
const own = datasetOf({ pixels, labels, shape })
const weights = ({ model }: Awaited<ReturnType<typeof train>>) => model.tensors.map(({ values }) => values)

test('arrays train as the same images of a source do', async () => {
  const drawn = await loadDataset(parseSource('silhouettes:train=200,test=50'))
  const settings = { model: 'mlp-small', epochs: 1, threads: 1 } as const
  const [a, b] = [await train({ ...settings, data: own }), await train({ ...settings, data: drawn })]
  expect(weights(a)).toEqual(weights(b))
  expect(own.classNames).toEqual(Array.from('0123456789'))
  expect(() => a.evaluate(own)).toThrow('data: expected test images, received none')
})

test('images of one’s own to validate on: all others are learned', async () => {
  const others = drawSilhouettes(1, 'test', 40)
  const seen: number[] = []
  const training = train({
    model: 'mlp-small',
    data: own,
    epochs: 1,
    threads: 1,
    validation: { pixels: others.pixels, labels: others.labels },
  })
  for await (const event of training)
    if (event.type === 'started') seen.push(event.trainImages, event.validationImages)
  expect(seen).toEqual([200, 40])
})

describe('arrays that do not fit are named', () => {
  const cases: Readonly<Record<string, readonly [given: object, message: string]>> = {
    'channels first': [
      { shape: [1, 28, 28] },
      'shape: expected [height, width, channels] of one image, with 1 or 3 channels, received [1, 28, 28]. Channels come last.',
    ],
    'no shape': [{ shape: undefined }, 'shape: expected [height, width, channels]'],
    'too few pixels': [
      { pixels: pixels.subarray(1) },
      'data: pixels: expected bytes of shape [200, 28, 28, 1] and a label for each image, received 156799 bytes',
    ],
    floats: [
      { pixels: Float32Array.from(pixels, (x) => x / 255) },
      'data: pixels: expected a Uint8Array, received Float32Array',
    ],
    'no labels': [{ labels: undefined }, 'received 156800 bytes and no labels'],
    'a label that is no class': [
      { labels: labels.with(4, 2.5) },
      'data: labels: expected numbers of classes, whole from 0 to 255, received 2.5 for image 4',
    ],
    'a label without a name': [{ classNames: ['a', 'b', 'c'] }, 'expected labels from 0 to 2'],
    'a name twice': [
      { classNames: [...'012345678', '0'] },
      'a name of its own for each class, received "0" twice',
    ],
    'nothing at all': [
      { pixels: new Uint8Array(0), labels: [] },
      'data: expected at least one image, received none',
    ],
    'a test of another size': [
      { test: { pixels: new Uint8Array(100), labels: [1] } },
      'test: pixels: expected bytes of shape [1, 28, 28, 1]',
    ],
  }
  test.each(Object.entries(cases))('%s', (_, [given, message]) => {
    expect(() => datasetOf({ pixels, labels, shape, ...given } as Parameters<typeof datasetOf>[0])).toThrow(
      message,
    )
  })
})
