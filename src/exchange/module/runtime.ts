import type { PictureForm } from '../../pictures/form.ts'
import type { Picture } from '../../pictures/picture.ts'
import { prepare } from '../../pictures/prepare.ts'
import { type Prediction, predictionOf } from '../../recognition/prediction.ts'

/** What a module carries; bytes are in base64, those of kernels and program packed with gzip. */
export interface Payload {
  readonly kernels: string
  /** One program, encoded as the kernels read it. */
  readonly program: string
  /** Float32, little-endian, the parameters one after another. */
  readonly weights: string
  /** Where each parameter begins in the session's memory and its length, in words. */
  readonly places: readonly (readonly [number, number])[]
  /** Words of the session's memory, and of an instruction. */
  readonly words: number
  readonly instruction: number
  /** The most images that one run takes. */
  readonly batch: number
  /** Where the probabilities lie, in words. */
  readonly probabilities: number
  /** [height, width, channels] */
  readonly imageShape: readonly number[]
  readonly classNames: readonly string[]
  readonly temperature: number
  readonly threshold: number
  /** What pictures are brought to. */
  readonly form: PictureForm
}

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))

function unpacked(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}

/** The kernels of a payload with its program and weights in their memory: where images go in, and the floats. */
async function openKernels(payload: Payload, size: number) {
  const { batch, words } = payload
  const { instance } = await WebAssembly.instantiate(await unpacked(payload.kernels))
  const kernels = instance.exports as unknown as {
    memory: WebAssembly.Memory
    allocate(bytes: number): number
    open(words: number, batch: number, programs: number, count: number): number
    floats(): number
    order(): number
    bind(images: number, labels: number): number
    run(program: number, count: number, step: number, epoch: number): void
  }
  const program = new Int32Array(await unpacked(payload.program))
  const table = kernels.allocate(8)
  const place = kernels.allocate(program.byteLength)
  new Int32Array(kernels.memory.buffer, place, program.length).set(program)
  new Int32Array(kernels.memory.buffer, table, 2).set([place, program.length / payload.instruction])
  const isOpen = kernels.open(words, batch, table, 1) === 0
  const pixelsAt = isOpen ? kernels.bind(batch * size, batch) : 0
  if (pixelsAt === 0) throw new Error('The system refused the memory for the classifier.')
  const { buffer } = kernels.memory
  const floats = new Float32Array(buffer, kernels.floats(), words)
  new Int32Array(buffer, kernels.order(), batch).set(Array.from({ length: batch }, (_, i) => i))
  const weights = new Float32Array(bytesOf(payload.weights).buffer)
  let read = 0
  for (const [offset, length] of payload.places) {
    floats.set(weights.subarray(read, read + length), offset)
    read += length
  }
  const run = (count: number) => kernels.run(0, count, 0, 0)
  return { images: new Uint8Array(buffer, pixelsAt, batch * size), floats, run }
}

/**
 * Opens the classifier of a payload. A module is made of this file and what it imports: nothing but what browsers and Node
 * have.
 */
export async function openPayload(payload: Payload) {
  const { batch, classNames, form, imageShape } = payload
  const size = imageShape.reduce((a, b) => a * b, 1)
  const classes = classNames.length
  const { images, floats, run } = await openKernels(payload, size)

  /** Looks at many images at once: bytes 0…255 of shape [count, height, width, channels]. */
  function predictAll(pixels: Uint8Array | Uint8ClampedArray) {
    const count = pixels.length / size
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `expected images of ${imageShape.join('×')} bytes, received ${pixels.length} bytes`,
      )
    }
    const found: Prediction[] = []
    for (let start = 0; start < count; start += batch) {
      const live = Math.min(batch, count - start)
      images.set(pixels.subarray(start * size, (start + live) * size))
      run(live)
      for (let i = 0; i < live; i++) {
        const at = payload.probabilities + i * classes
        found.push(predictionOf(floats.subarray(at, at + classes), payload))
      }
    }
    return found
  }

  /** What the network sees of a picture, as of its training pictures, and how it came to it. */
  const prepared = (picture: Picture) => prepare(picture, form)

  /** Looks at a picture of any size, a canvas's ImageData say, or at prepared bytes of shape [height, width, channels]. */
  function predict(image: Picture | Uint8Array | Uint8ClampedArray) {
    const pixels = 'data' in image ? prepared(image).pixels : image
    if (pixels.length === size) return predictAll(pixels)[0]
    throw new RangeError(`expected ${imageShape.join('×')} bytes, received ${pixels.length}`)
  }

  return { predict, predictAll, prepare: prepared, classNames, imageShape, form }
}
