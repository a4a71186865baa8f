import { expect, test } from 'vitest'
import { key } from '../src/base/random.ts'
import type { LabeledImages } from '../src/data/dataset.ts'
import { unseal } from '../src/data/sealed.ts'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { train } from '../src/library/train.ts'
import { decodePicture } from '../src/pictures/decode-picture.ts'
import { itemForm } from '../src/pictures/form.ts'
import { prepare } from '../src/pictures/prepare.ts'
import { loadClassifier } from '../src/recognition/load.ts'
import type { Predictor } from '../src/recognition/predictor.ts'
import { oddPicture, oddWays } from './support/odd-pictures.ts'

const COUNT = 200

/** Images of silhouettes framed as those of Fashion-MNIST are: free of dust, their longer side the image's. */
function framed(images: LabeledImages): LabeledImages {
  const form = itemForm({ width: 28, height: 28 })
  const pixels = new Uint8Array(images.pixels.length)
  const data = new Uint8Array(4 * 56 * 56).fill(255)
  for (let i = 0; i < images.count; i++) {
    for (let p = 0; p < 56 * 56; p++) {
      const value = images.pixels[784 * i + 28 * (Math.floor(p / 56) >> 1) + ((p % 56) >> 1)]
      data.fill(value < 16 ? 0 : value, 4 * p, 4 * p + 3)
    }
    pixels.set(prepare({ width: 56, height: 56, data }, form).pixels, 784 * i)
  }
  return { ...images, pixels }
}

/** How many of the first test images are recognized, fed directly and from files made in odd ways. */
async function hits(predictor: Predictor, { pixels, labels }: LabeledImages) {
  let [direct, odd] = [0, 0]
  for (let i = 0; i < COUNT; i++) {
    const image = pixels.subarray(784 * i, 784 * (i + 1))
    const way = oddWays[i % oddWays.length]
    const picture = await decodePicture(await oddPicture(image, way, key(5).child(i)))
    odd += Number(predictor.predict(picture).label === labels[i])
    direct += Number(predictor.predict(image).label === labels[i])
  }
  predictor.close()
  return { direct, odd }
}

test.runIf(process.env.ATELIER_DATA)(
  '200 test images in odd ways are recognized as well as fed directly',
  async () => {
    const { direct, odd } = await hits(
      await loadClassifier(),
      unseal((await loadDataset(parseSource('fashion-mnist'))).test),
    )
    expect(direct).toBeGreaterThan(0.88 * COUNT)
    expect(odd).toBeGreaterThanOrEqual(direct - 0.03 * COUNT)
  },
)

test.skipIf(process.env.ATELIER_DATA)(
  'so are silhouettes',
  async () => {
    const given = await loadDataset(parseSource('silhouettes:train=3000,test=200'))
    const dataset = { ...given, train: framed(given.train), form: itemForm({ width: 28, height: 28 }) }
    const augmentation = { flip: true, translate: 2, fill: 0 }
    const classifier = await train({ model: 'cnn-small', data: dataset, epochs: 4, augmentation })
    const { direct, odd } = await hits(classifier, framed(unseal(given.test)))
    expect(direct).toBeGreaterThan(0.7 * COUNT)
    expect(odd).toBeGreaterThanOrEqual(direct - 0.03 * COUNT)
  },
  60_000,
)
