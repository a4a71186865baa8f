import { gzipSync } from 'node:zlib'
import { key } from '../../base/random.ts'
import { encode, RECORD } from '../../engine/program.ts'
import { wasmBinary } from '../../engine/wasm-binary.ts'
import { compile } from '../../model/compile.ts'
import { describeForm } from '../../pictures/form.ts'
import { trainedModel } from '../../recognition/trained-model.ts'
import { packageVersion } from '../../record/environment.ts'
import type { ModelFile } from '../../record/model-file.ts'
import { hashWeights } from '../../record/weights.ts'
import { bundle } from './bundle.ts'
import type { Payload } from './runtime.ts'

/** Images that one run takes: few, so that the memory stays small; calling once for each image is as quick. */
const BATCH = 16

/** The code that opens a payload; compiled, it has another ending. */
const runtime = new URL(`./runtime${import.meta.url.slice(-3)}`, import.meta.url)

/**
 * A classifier as one ES module that imports nothing: kernels, network, weights, what prepares pictures, and `predict`. It
 * runs in browsers and in Node ≥ 18, in strict arithmetic: what it says is what the WebAssembly backend says, bit for bit.
 */
export function encodeModule(model: ModelFile): string {
  const payload = payloadOf(model)
  const [height, width, channels] = model.imageShape
  const lines = [
    '/*',
    ` * ${plain(model.name)}: looks at images of ${height}×${width}×${channels} bytes and tells ${model.classNames.length} classes apart.`,
    ` * Made by Atelier ${packageVersion()}. Weights (SHA-256): ${hashWeights(model.tensors)}`,
    ' *',
    " *   import { predict } from './this-file.mjs'",
    ' *   const { className, probability, probabilities, label, isSure } = predict(picture)',
    ' *',
    ' * picture: { width, height, data } of any size, four bytes a pixel (red, green, blue, alpha), as a canvas gives it. It is',
    ` * prepared as the training pictures were (form): ${plain(describeForm(payload.form))}.`,
    ' * predict also takes the bytes of one prepared image (prepare(picture).pixels), predictAll(pixels) those of many.',
    ' */',
    `const openPayload = ${bundle(runtime, 'openPayload')}`,
    `const payload = ${JSON.stringify(payload, null, 1)}`,
    'export const { predict, predictAll, prepare, classNames, imageShape, form } =',
    '  await openPayload(payload)',
    '',
  ]
  return lines.join('\n')
}

/** A text that cannot end the comment that it stands in. */
const plain = (text: string) => text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')

function payloadOf(model: ModelFile): Payload {
  const { loss, temperature, threshold, form } = trainedModel(model, model.name)
  const { plan, parameters, tensors } = compile(model.spec, {
    batch: BATCH,
    ...model.preprocessing,
    loss,
    key: key(0),
  })
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor.values]))
  const weights = parameters.map(({ name }) => bytesOf(byName.get(name)!))
  return {
    kernels: packed(Buffer.from(wasmBinary, 'base64')),
    program: packed(bytesOf(encode(plan.programs.evaluate))),
    weights: Buffer.concat(weights).toString('base64'),
    places: parameters.map(({ offset, length }) => [offset, length]),
    words: plan.words,
    instruction: RECORD.words,
    batch: BATCH,
    probabilities: tensors.probabilities.offset,
    imageShape: model.imageShape,
    classNames: model.classNames,
    temperature,
    threshold,
    form,
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

const packed = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).toString('base64')
