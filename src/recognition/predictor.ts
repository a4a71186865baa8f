import { ShapeError } from '../base/errors.ts'
import type { Engine } from '../engine/backend.ts'
import { type Network, openTrained, PREDICTION_BATCH } from '../model/network.ts'
import type { PictureForm } from '../pictures/form.ts'
import type { Picture } from '../pictures/picture.ts'
import { prepare } from '../pictures/prepare.ts'
import { type Prediction, predictionOf } from './prediction.ts'
import type { TrainedModel } from './trained-model.ts'

/** A trained network that is ready to answer. It holds memory and threads until it is closed. */
export interface Predictor {
  readonly model: TrainedModel
  readonly classNames: readonly string[]
  /** What pictures are brought to before the network sees them. */
  readonly form: PictureForm
  /**
   * Classifies a decoded picture of any size, which is prepared first as the training pictures were (`prepare`); or the
   * bytes of an image that is prepared already, shape [height, width, channels]. Throws an InputError where the form wants
   * an item and none stands out, a ShapeError where the bytes are too few or too many.
   */
  predict(image: Picture | Uint8Array): Prediction
  /** Classifies many prepared images at once, which is quicker: bytes of shape [count, height, width, channels]. */
  predictAll(pixels: Uint8Array): Prediction[]
  close(): void
}

/** What a predictor may cost. */
export interface PredictorOptions {
  /** Bytes that the network may take for the images that it looks at together; throws a ShapeError where it needs more for one. */
  readonly memory?: number
}

/**
 * Opens a trained network on an engine. One image runs on a session of its own with one thread: nothing is shared out and
 * nothing waits. The session for many is opened when many come.
 */
export function openPredictor(
  model: TrainedModel,
  engine: Engine,
  options: PredictorOptions = {},
): Predictor {
  const { classNames, imageShape, form } = model
  const size = imageShape.reduce((a, b) => a * b)
  const one = open(model, { ...engine, threads: 1 }, { batch: 1, ...options })
  let many: Network | undefined

  function look(network: Network, pixels: Uint8Array, count: number): Prediction[] {
    const found: Prediction[] = []
    for (let start = 0; start < count; start += network.batch) {
      const end = Math.min(start + network.batch, count)
      const probabilities = network.predict(pixels.subarray(start * size, end * size))
      for (let i = 0; i < probabilities.length; i += classNames.length)
        found.push(predictionOf(probabilities.subarray(i, i + classNames.length), model))
    }
    return found
  }

  function predictAll(pixels: Uint8Array): Prediction[] {
    const count = pixels.length / size
    if (!Number.isInteger(count)) throw misfit(imageShape, 'images', pixels.length)
    if (count === 0) return []
    if (count === 1) return look(one, pixels, 1)
    many ??= openMany(model, engine, options)
    return look(many, pixels, count)
  }

  function predict(image: Picture | Uint8Array): Prediction {
    const pixels = 'data' in image ? prepare(image, form).pixels : image
    if (pixels.length !== size) throw misfit(imageShape, 'one image', pixels.length)
    return look(one, pixels, 1)[0]
  }

  return {
    model,
    classNames,
    form,
    predict,
    predictAll,
    close() {
      one.close()
      many?.close()
    },
  }
}

/** For as many at once as there is memory for. */
function openMany(model: TrainedModel, engine: Engine, options: PredictorOptions): Network {
  for (let batch = PREDICTION_BATCH; ; batch /= 2) {
    try {
      return open(model, engine, { batch, ...options })
    } catch (error) {
      if (!(error instanceof ShapeError) || batch === 1) throw error
    }
  }
}

const open = (
  model: TrainedModel,
  engine: Engine,
  options: { readonly batch: number } & PredictorOptions,
): Network => openTrained(model, model.tensors, engine, options)

function misfit(shape: TrainedModel['imageShape'], what: string, received: number): ShapeError {
  return new ShapeError({
    at: 'predict',
    expected: `${what} of ${shape.join('×')} bytes`,
    received: `${received} bytes`,
    hint: 'A picture of another size is given as { data, width, height }, as `decodePicture` returns it.',
  })
}
