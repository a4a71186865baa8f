import { argmax } from '../../base/argmax.ts'
import { InputError, ShapeError } from '../../base/errors.ts'
import { key } from '../../base/random.ts'
import { REGISTERS } from '../../engine/backend.ts'
import type { Compiled, LossName } from '../../model/compile.ts'
import { type Shape, type Tensor, volume } from '../../model/layer.ts'
import {
  type Engine,
  type NamedTensor,
  openNetwork,
  type Preprocessing,
  setWeights,
} from '../../model/network.ts'
import type { LayerNode, ModelSpec } from '../../model/spec.ts'
import { gradCam, type Heatmap, resize, saliency } from './heatmap.ts'

/** A trained network as explanations need it; what a weights file holds is more than enough. */
export interface ExplainedModel {
  readonly spec: ModelSpec
  readonly tensors: readonly NamedTensor[]
  readonly preprocessing: Preprocessing
  /** [height, width, channels]. */
  readonly imageShape: Shape
  /** What it was trained on; cross-entropy unless this says otherwise. */
  readonly loss?: LossName
}

/** What to explain; what is left out is the class that the network says, and `gradCamLayer`. */
export interface Question {
  /** The number of the class whose score is explained. */
  readonly label?: number | undefined
  /** The layer, of shape [height, width, channels], at which the class activation map is made. */
  readonly layer?: string | undefined
}

/** Why a network says what it says of one image. The score of a class is its logit. */
export interface Explanation {
  /** Of shape [classes], as the network gives them: no temperature is applied. */
  readonly probabilities: Float32Array
  /** The class whose score is explained. */
  readonly label: number
  /** ∂score/∂x by each number that the network is given (after preprocessing), in the order of the image's bytes. */
  readonly gradient: Float32Array
  /** The gradient's size at each pixel of the image. */
  readonly saliency: Heatmap
  /** Grad-CAM over the image, and the layer that it was made at; undefined where the network has no such layer. */
  readonly gradCam: (Heatmap & { readonly layer: string }) | undefined
}

/** A network that can say why; it holds memory until it is closed. */
export interface Explainer {
  /** The layer at which Grad-CAM is made unless another is named; undefined for a network without convolutions. */
  readonly gradCamLayer: string | undefined
  /** Takes these weights from now on. */
  setWeights(tensors: readonly NamedTensor[]): void
  /** Explains what is said of one image: bytes of shape [height, width, channels]. */
  explain(pixels: Uint8Array, question?: Question): Explanation
  close(): void
}

/** The last layer of the last convolution's shape: the convolution, or the activation or sum that completes it. */
function lastOfConvolution({ nodes }: ModelSpec, outputs: ReadonlyMap<string, Tensor>): string | undefined {
  const shapeOf = ({ name }: LayerNode) => outputs.get(name)?.shape.join()
  const last = nodes.findLast(({ kind }) => kind === 'conv2d')
  return last && nodes.findLast((node) => shapeOf(node) === shapeOf(last))?.name
}

/** Refuses what is no image of the network's, no class, or no layer that has places. */
function check(
  pixels: Uint8Array,
  { label, layer }: Question,
  {
    spec,
    imageShape,
    classes,
    outputs,
  }: { readonly outputs: ReadonlyMap<string, Tensor> } & Pick<Compiled, 'classes'> & ExplainedModel,
): void {
  if (pixels.length !== volume(imageShape)) {
    const expected = `one image of ${imageShape.join('×')} bytes`
    throw new ShapeError({ at: 'explain', expected, received: `${pixels.length} bytes` })
  }
  if (label !== undefined && !(Number.isInteger(label) && label >= 0 && label < classes)) {
    const expected = `the number of a class, 0 to ${classes - 1}`
    throw new InputError({ at: 'explain: label', expected, received: `${label}` })
  }
  const isImage = (name: string) => outputs.get(name)?.shape.length === 3
  if (layer !== undefined && !isImage(layer)) {
    const fit = spec.nodes.map(({ name }) => name).filter(isImage)
    const expected = `a layer that gives an image${fit.length === 0 ? '' : `: ${fit.join(', ')}`}`
    const hint =
      fit.length === 0
        ? 'This network has none; its input gradients still say which pixels matter.'
        : undefined
    throw new InputError({ at: 'explain: layer', expected, received: `"${layer}"`, ...(hint && { hint }) })
  }
}

/** Opens a trained network so that it explains images one at a time, in Node and in a page alike. */
export function openExplainer(model: ExplainedModel, engine: Engine): Explainer {
  const { spec, imageShape, preprocessing, loss = 'cross-entropy' } = model
  const options = { batch: 1, ...preprocessing, loss, key: key(0), explains: true } as const
  const network = openNetwork(spec, engine, options)
  const { compiled, session } = network
  const { seed, outputs, slopes } = compiled.explanation!
  const { probabilities } = compiled.tensors
  const { name: input } = spec.nodes.find(({ kind }) => kind === 'input')!
  const gradCamLayer = lastOfConvolution(spec, outputs)

  const read = ({ offset, length, shape }: Tensor) => ({
    shape,
    values: Float32Array.from(session.floats.subarray(offset, offset + length)),
  })
  const run = (program: 'evaluate' | 'explain') => {
    session.registers[REGISTERS.count] = 1
    session.registers[REGISTERS.position] = 0
    session.run(program)
  }
  /** The class that the network says. */
  const say = () => {
    run('evaluate')
    return argmax(session.floats, probabilities.offset, compiled.classes)
  }
  const mapAt = (layer: string) => {
    const small = gradCam(read(outputs.get(layer)!), read(slopes.get(layer)!))
    return { ...resize(small, imageShape[0], imageShape[1]), layer }
  }

  try {
    setWeights(network, model.tensors)
  } catch (error) {
    network.close()
    throw error
  }
  return {
    gradCamLayer,
    setWeights: (tensors) => setWeights(network, tensors),
    explain(pixels, { label: asked, layer = gradCamLayer } = {}) {
      check(pixels, { label: asked, layer }, { ...model, classes: compiled.classes, outputs })
      session.bind({ images: pixels, labels: Uint8Array.of(0), order: Int32Array.of(0) })
      const label = asked ?? say()
      session.floats.fill(0, seed.offset, seed.offset + seed.length)
      session.floats[seed.offset + label] = 1
      run('explain')
      const { values: gradient } = read(slopes.get(input)!)
      return {
        probabilities: read(probabilities).values,
        label,
        gradient,
        saliency: saliency({ shape: imageShape, values: gradient }),
        gradCam: layer === undefined ? undefined : mapAt(layer),
      }
    },
    close: () => network.close(),
  }
}
