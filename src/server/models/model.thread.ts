import { workerData } from 'node:worker_threads'
import { ShapeError } from '../../base/errors.ts'
import { engineFor } from '../../recognition/load.ts'
import { openPredictor } from '../../recognition/predictor.ts'
import { trainedModel } from '../../recognition/trained-model.ts'
import { encodeModelFile } from '../../record/model-file.ts'
import { readModelFile } from '../../runs/run.ts'
import { answer } from '../threads/answer.ts'

/** Pixels of the images that a network may look at: pictures are prepared in many times as much memory. */
const MOST_PIXELS = 512 * 512
/** Bytes that a network may take. */
const MEMORY = 256 * 2 ** 20

/** Where the weights are: a file or a run's directory. */
export type ModelPath = string

const open = async (path: ModelPath) => {
  const file = await readModelFile(path)
  const [height, width] = file.imageShape
  if (height * width > MOST_PIXELS) {
    const expected = `images of at most ${MOST_PIXELS.toLocaleString('en-US')} pixels`
    throw new ShapeError({ at: path, expected, received: `${width}×${height}` })
  }
  return openPredictor(trainedModel(file, path), engineFor(file), { memory: MEMORY })
}
const predictor = open(workerData as ModelPath)
predictor.catch(() => {}) // told to whoever asks

/** What a thread does with a network. */
const handlers = {
  /** What the network is. */
  describe: async () => {
    const { name, classNames, imageShape, form, source, temperature, threshold } = (await predictor).model
    return { name, classNames, imageShape, form, source, temperature, threshold }
  },
  /** What it says of images: bytes of shape [count, height, width, channels]. */
  predictAll: async (pixels: Uint8Array) => (await predictor).predictAll(pixels),
  /** Its weights file. */
  file: async () => encodeModelFile((await predictor).model),
}
export type ModelHandlers = typeof handlers

answer(handlers)
