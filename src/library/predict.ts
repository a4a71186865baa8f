import { argmax } from '../base/argmax.ts'
import { InputError, ShapeError } from '../base/errors.ts'
import { typeName } from '../base/type-name.ts'
import type { Images } from '../data/images.ts'
import type { Engine, EngineChoice } from '../engine/backend.ts'
import { openExplainer } from '../evaluation/explanation/explain.ts'
import { type Shape, volume } from '../model/layer.ts'
import { openTrained, PREDICTION_BATCH } from '../model/network.ts'
import { outputOf } from '../model/programs.ts'
import { type ResolvedModel, resolve } from '../model/spec.ts'
import type { Classifier } from '../recognition/classifier.ts'
import { engineFor } from '../recognition/load.ts'
import { type TrainedModel, trainedModel } from '../recognition/trained-model.ts'
import type { ModelFile } from '../record/model-file.ts'
import { readModelFile } from '../runs/run.ts'

/** What to read beside the probabilities, and how to compute it. */
export interface PredictOptions extends EngineChoice {
  /** Images at a time; the answers do not depend on it. 64 unless told otherwise. */
  readonly batch?: number | undefined
  /** Layers whose output is read, by name: `['conv2d_1']`. */
  readonly activations?: readonly string[] | undefined
  /** Gradients of a score (logit) by the input: of the class that is predicted (true), or of the class of a number. */
  readonly inputGradients?: boolean | number | undefined
}

/** Numbers with their shape; the first axis counts the images. */
export interface Values {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** What a network says of images. All arrays are copies. */
export interface Answers {
  readonly classNames: readonly string[]
  /** Of shape [count, classes]: the softmax of the logits. (`classifier.predict` divides these by the fitted temperature first.) */
  readonly probabilities: Values
  /** Of shape [count, classes]. */
  readonly logits: Values
  /** The number of the likeliest class of each image. */
  readonly predicted: Int32Array
  /** Of shape [count, …shape of the layer's output], by the names that were asked for. */
  readonly activations: Readonly<Record<string, Values>>
  /** ∂logit/∂x, of shape [count, height, width, channels]: by the numbers that the network is given after preprocessing. */
  readonly inputGradients: Values | undefined
}

/**
 * What a trained network says of prepared images, as many as there are: bytes of shape [count, height, width, channels]. The
 * network is a classifier, the path of a run or a weights file, or what such a file holds. Throws a ShapeError where the images
 * are not of its shape, an InputError where a layer or a class is not there.
 *
 * ```ts
 * const { logits, activations } = await predict('runs/mine', pixels, { activations: ['conv2d_1'] })
 * ```
 */
export async function predict(
  network: string | Classifier | ModelFile,
  images: Uint8Array | Images,
  { batch = PREDICTION_BATCH, activations = [], inputGradients = false, ...choice }: PredictOptions = {},
): Promise<Answers> {
  const model = await modelOf(network)
  const engine = engineFor(model, choice)
  const resolved = resolve(model.spec)
  checkLayers(resolved, activations)
  const pixels = pixelsOf(images, model.imageShape)
  const count = pixels.length / volume(model.imageShape)
  const shapeOf = (name: string) => [count, ...resolved.nodes.find((node) => node.name === name)!.shape]
  const empty = (shape: readonly number[]): Values => ({ shape, values: new Float32Array(volume(shape)) })

  const probabilities = empty([count, resolved.classes])
  const logits = empty([count, resolved.classes])
  const outputs = Object.fromEntries(activations.map((name) => [name, empty(shapeOf(name))]))
  const read = [...activations, resolved.output.name].map(outputOf)
  const opened = openTrained(model, model.tensors, engine, { batch, read })
  try {
    const size = volume(model.imageShape)
    for (let start = 0; start < count; start += batch) {
      const end = Math.min(start + batch, count)
      const put = ({ values, shape }: Values, some: ArrayLike<number>) =>
        values.set(some, start * volume(shape.slice(1)))
      put(probabilities, opened.predict(pixels.subarray(start * size, end * size)))
      put(logits, opened.tensor(outputOf(resolved.output.name)))
      for (const name of activations) put(outputs[name], opened.tensor(outputOf(name)))
    }
  } finally {
    opened.close()
  }
  const { values } = probabilities
  const { classes } = resolved
  return {
    classNames: model.classNames,
    probabilities,
    logits,
    predicted: Int32Array.from({ length: count }, (_, i) => argmax(values, i * classes, classes)),
    activations: outputs,
    inputGradients: inputGradients === false ? undefined : gradientsOf(model, engine, pixels, inputGradients),
  }
}

async function modelOf(network: string | Classifier | ModelFile): Promise<TrainedModel> {
  if (typeof network === 'string') return trainedModel(await readModelFile(network), network)
  if ('model' in network) return network.model
  return trainedModel(network, network.name)
}

/** The bytes of images that have the shape which a network was made for. */
function pixelsOf(images: Uint8Array | Images, shape: Shape): Uint8Array {
  const isBare = ArrayBuffer.isView(images)
  const pixels: unknown = isBare ? images : images?.pixels
  const given = isBare ? shape : [images?.height, images?.width, images?.channels]
  const isWhole = pixels instanceof Uint8Array && pixels.length % volume(shape) === 0
  if (isWhole && `${given}` === `${shape}`) return pixels
  const received =
    pixels instanceof Uint8Array ? `${pixels.length} of shape [count, ${given.join(', ')}]` : typeName(pixels)
  throw new ShapeError({
    at: 'images',
    expected: `a Uint8Array, bytes of shape [count, ${shape.join(', ')}]`,
    received,
    hint: 'A picture is brought to that form by `prepare`.',
  })
}

function checkLayers({ nodes }: ResolvedModel, names: readonly string[]): void {
  const known = nodes.map(({ name }) => name)
  const foreign = names.find((name) => !known.includes(name))
  if (foreign === undefined) return
  throw new InputError({
    at: 'activations',
    expected: `layers of the network: ${known.join(', ')}`,
    received: `"${foreign}"`,
  })
}

/** Image by image, as explanations are made. */
function gradientsOf(model: TrainedModel, engine: Engine, pixels: Uint8Array, wanted: true | number): Values {
  const size = volume(model.imageShape)
  const explainer = openExplainer(model, { ...engine, threads: 1 })
  try {
    const values = new Float32Array(pixels.length)
    const question = wanted === true ? {} : { label: wanted }
    for (let start = 0; start < pixels.length; start += size)
      values.set(explainer.explain(pixels.subarray(start, start + size), question).gradient, start)
    return { shape: [pixels.length / size, ...model.imageShape], values }
  } finally {
    explainer.close()
  }
}
