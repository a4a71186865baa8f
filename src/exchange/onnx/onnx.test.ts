import { InferenceSession, Tensor } from 'onnxruntime-web'
import { beforeAll, describe, expect, test } from 'vitest'
import { argmax } from '../../base/argmax.ts'
import type { Dataset } from '../../data/dataset.ts'
import { loadDataset, parseSource } from '../../data/source.ts'
import { wasm } from '../../engine/wasm.ts'
import { soften } from '../../evaluation/temperature.ts'
import { namedNetworks, network } from '../../model/named.ts'
import type { ModelFile } from '../../record/model-file.ts'
import { residual, trained } from '../fixtures/models.ts'
import { predict } from '../fixtures/predict.ts'
import { encodeOnnx } from './export.ts'
import { decodeModelProto } from './schema.ts'

/*
 * Every network says the same in ONNX Runtime as here. With ATELIER_LONG_TESTS the images are 10,000, of Fashion-MNIST
 * where it is at hand, and the networks are trained on more.
 */
const isLong = process.env.ATELIER_LONG_TESTS === '1'
const [images, lessons] = isLong ? [10_000, 4_000] : [300, 160]
const engine = { backend: wasm, arithmetic: 'strict', threads: 1 } as const

let data: Dataset
beforeAll(async () => {
  const source =
    isLong && process.env.ATELIER_DATA ? 'fashion-mnist' : `silhouettes:train=${2 * images},test=10`
  data = await loadDataset(parseSource(source))
})

/** The probabilities of images, run in batches of the given size. */
async function runtime(file: Uint8Array, model: ModelFile, pixels: Uint8Array, batch: number) {
  const { scale, shift } = model.preprocessing
  const session = await InferenceSession.create(file, { executionProviders: ['wasm'] })
  const length = model.imageShape.reduce((a, b) => a * b)
  const found: number[] = []
  for (let start = 0; start < pixels.length; start += batch * length) {
    const values = Float32Array.from(
      pixels.subarray(start, start + batch * length),
      (byte) => byte * scale + shift,
    )
    const image = new Tensor('float32', values, [values.length / length, ...model.imageShape])
    const { probabilities } = await session.run({ image })
    expect(probabilities.dims).toEqual([values.length / length, model.classNames.length])
    found.push(...(probabilities.data as Float32Array))
  }
  await session.release()
  return found
}

const specs = [...Object.keys(namedNetworks).map((name) => network(name)), residual([28, 28, 1])]

describe.each(specs.map((spec) => [spec.name, spec] as const))('%s in ONNX Runtime', (name, spec) => {
  test(`says what it says here, on ${images} images`, { timeout: 300_000 }, async () => {
    const model = await trained(spec, data, lessons)
    const pixels = data.train.pixels.subarray(0, images * 784)
    const here = predict(model, pixels, engine)
    const there = await runtime(encodeOnnx(model), model, pixels, 64)
    let [difference, disagreements] = [0, 0]
    for (let i = 0; i < images; i++) {
      if (argmax(here, 10 * i, 10) !== argmax(there, 10 * i, 10)) disagreements += 1
      for (let c = 10 * i; c < 10 * i + 10; c++)
        difference = Math.max(difference, Math.abs(here[c] - there[c]))
    }
    if (isLong) process.stdout.write(`${name}: ${images} images, largest difference ${difference}\n`)
    expect(disagreements).toBe(0)
    expect(difference).toBeLessThan(1e-5)
  })
})

describe('an ONNX file', () => {
  let model: ModelFile
  beforeAll(async () => {
    const colors = { ...data, train: { ...data.train, height: 14, width: 14, channels: 4 } }
    model = await trained(residual([14, 14, 4]), colors, 64)
  })

  test('takes colored images that are not square, a batch of any size, other preprocessing and loss', async () => {
    const spec = residual([7, 28, 4])
    const wide = { ...data, train: { ...data.train, height: 7, width: 28, channels: 4 } }
    const metadata = { loss: 'softmax-twice' }
    const preprocessing = { scale: 1 / 64, shift: -0.5 }
    const taught = { ...(await trained(spec, wide, 64)), preprocessing, metadata }
    const pixels = data.train.pixels.subarray(0, 5 * 784)
    const here = predict(taught, pixels, engine)
    for (const batch of [1, 3, 5]) {
      const there = await runtime(encodeOnnx(taught), taught, pixels, batch)
      there.forEach((p, i) => {
        expect(p).toBeCloseTo(here[i], 5)
      })
    }
  })

  test('says calibrated probabilities where a temperature was fitted', async () => {
    const small = { ...(await trained(network('mlp-small'), data, 64)), metadata: {} }
    const pixels = data.train.pixels.subarray(0, 5 * 784)
    const given = predict(small, pixels, engine)
    const there = await runtime(encodeOnnx({ ...small, metadata: { temperature: '2.5' } }), small, pixels, 5)
    for (let i = 0; i < 50; i += 10) {
      soften(given.subarray(i, i + 10), 2.5).forEach((p, c) => {
        expect(there[i + c]).toBeCloseTo(p, 5)
      })
    }
  })

  test('says in its metadata what it is made for', () => {
    const calibrated = { ...model, metadata: { temperature: '1.25', threshold: '0.6' } }
    const { metadataProps, docString, graph } = decodeModelProto(encodeOnnx(calibrated))
    const said = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))
    expect(JSON.parse(said.classNames)).toEqual(model.classNames)
    expect(said).toMatchObject({ temperature: '1.25', weightsHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(docString).toContain('image: float32 [batch, 14, 14, 4]')
    expect(docString).toContain('the temperature, 1.25, is in the graph. Below 0.6')
    expect(graph.input[0].type.tensorType.shape.dim[0]).toMatchObject({ dimParam: 'batch' })
  })
})
