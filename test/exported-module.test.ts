import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../src/data/dataset.ts'
import { loadDataset, parseSource } from '../src/data/source.ts'
import type { Engine } from '../src/engine/backend.ts'
import { wasm } from '../src/engine/wasm.ts'
import { soften } from '../src/evaluation/temperature.ts'
import { residual, trained } from '../src/exchange/fixtures/models.ts'
import { predict } from '../src/exchange/fixtures/predict.ts'
import { encodeModule } from '../src/exchange/module/export.ts'
import type { openPayload } from '../src/exchange/module/runtime.ts'
import { network } from '../src/model/named.ts'
import { itemForm } from '../src/pictures/form.ts'
import { prepare } from '../src/pictures/prepare.ts'
import { openPredictor } from '../src/recognition/predictor.ts'
import { trainedModel } from '../src/recognition/trained-model.ts'
import type { ModelFile } from '../src/record/model-file.ts'
import { hasChromium, outcomeOfPage } from './browser/chromium.ts'

type Classifier = Awaited<ReturnType<typeof openPayload>>

let folder: string
let data: Dataset
let pixels: Uint8Array
const models: ModelFile[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-module-'))
  data = await loadDataset(parseSource('silhouettes:train=240,test=10'))
  pixels = data.train.pixels.subarray(0, 20 * 784)
  for (const spec of [network('mlp-small'), network('cnn-medium'), residual([28, 28, 1])]) {
    models.push(await trained(spec, data, 64))
  }
  models.push({ ...models[0], name: 'doubled', metadata: { loss: 'softmax-twice' } })
})
afterAll(() => rm(folder, { recursive: true }))

const engine: Engine = { backend: wasm, arithmetic: 'strict', threads: 1 }
const here = (model: ModelFile) => predict(model, pixels, engine)

/** A drawn image as a picture of a dark thing on white, twice as large, off-center. */
function framed(image: Uint8Array) {
  const [width, height] = [80, 100]
  const data = new Uint8Array(4 * width * height).fill(255)
  for (let p = 0; p < 56 * 56; p++) {
    const [x, y] = [p % 56, Math.floor(p / 56)]
    const shade = 255 - image[28 * (y >> 1) + (x >> 1)]
    data.fill(shade, 4 * ((y + 30) * width + x + 4), 4 * ((y + 30) * width + x + 4) + 3)
  }
  return { width, height, data }
}

async function load(model: ModelFile, name: string): Promise<Classifier> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, encodeModule(model))
  return import(/* @vite-ignore */ pathToFileURL(path).href)
}

describe('a classifier as a module', () => {
  test('imports nothing, and besides the weights takes up to 150 KB', () => {
    for (const model of models) {
      const text = encodeModule(model)
      const weights = model.tensors.reduce((sum, { values }) => sum + values.byteLength, 0)
      expect(text).not.toMatch(/\bimport\b(?!.*this-file)|\brequire\b|__vite|__name/)
      expect(text.length - Math.ceil(weights / 3) * 4).toBeLessThan(150_000)
    }
  })

  test('says in Node what the engine says, to the last bit', async () => {
    for (const model of models) {
      const { predictAll, predict: predictOne } = await load(model, model.name)
      const said = predictAll(pixels)
      expect(said.flatMap(({ probabilities }) => probabilities)).toEqual([...here(model)])
      expect(predictOne(pixels.subarray(784, 2 * 784))).toEqual(said[1])
      expect(said[1].className).toBe(model.classNames[said[1].label])
    }
  })

  test('softens by the temperature and tells what it is sure of', async () => {
    const metadata = { temperature: '2', threshold: '0.4' }
    const { predictAll } = await load({ ...models[1], metadata }, 'calibrated')
    const given = here(models[1])
    predictAll(pixels).forEach(({ probabilities, probability, isSure }, i) => {
      soften(given.subarray(10 * i, 10 * i + 10), 2).forEach((p, c) => {
        expect(probabilities[c]).toBeCloseTo(p, 5)
      })
      expect(isSure).toBe(probability >= 0.4)
    })
  })

  test('brings a picture of any size to the form of the training pictures, as the library does', async () => {
    const model = { ...models[1], form: itemForm({ width: 28, height: 28 }) }
    const classifier = await load(model, 'pictures')
    const predictor = openPredictor(trainedModel(model, 'here'), engine)
    for (const i of [0, 1, 2]) {
      const picture = framed(pixels.subarray(784 * i, 784 * (i + 1)))
      expect(classifier.prepare(picture)).toEqual(prepare(picture, model.form))
      expect(classifier.predict(picture)).toEqual(predictor.predict(picture))
    }
    predictor.close()
    const empty = { width: 40, height: 30, data: new Uint8Array(4 * 1200).fill(255) }
    expect(() => classifier.predict(empty)).toThrow('expected an item that stands out from its background')
  })

  test('refuses what is not an image of its size', async () => {
    const { predict: predictOne, predictAll } = await load(models[0], 'sizes')
    expect(() => predictOne(new Uint8Array(783))).toThrow('expected 28×28×1 bytes, received 783')
    expect(() => predictAll(new Uint8Array(785))).toThrow('expected images of 28×28×1 bytes')
  })

  test.skipIf(!hasChromium)('says the same in a browser, to the last bit', async () => {
    const names = models.map(({ name }) => name)
    const page = `<!doctype html><meta charset="utf-8"><script type="module">
      const tell = (outcome) => fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) })
      try {
        const pixels = new Uint8Array(await (await fetch('/pixels.bin')).arrayBuffer())
        const outcomes = []
        for (const name of ${JSON.stringify(names)}) {
          const { predictAll } = await import('/' + name + '.mjs')
          outcomes.push(predictAll(pixels).flatMap(({ probabilities }) => probabilities))
        }
        const { prepare } = await import('/${names[1]}.mjs')
        const image = new ImageData(new Uint8ClampedArray(${JSON.stringify([...framed(pixels.subarray(0, 784)).data])}), 80, 100)
        await tell({ outcomes, prepared: [...prepare(image).pixels] })
      } catch (error) { await tell({ error: String(error) }) }
    </script>`
    const modules = models.map((model) => [`/${model.name}.mjs`, encodeModule(model)] as const)
    const files = new Map<string, string | Uint8Array>([
      ['/index.html', page],
      ['/pixels.bin', pixels],
      ...modules,
    ])
    const { form } = trainedModel(models[1], 'here')
    expect(await outcomeOfPage(files)).toEqual({
      outcomes: models.map((model) => [...here(model)]),
      prepared: [...prepare(framed(pixels.subarray(0, 784)), form).pixels],
    })
  })
})
