import { argmax } from '../../base/argmax.ts'
import { InputError, ShapeError } from '../../base/errors.ts'
import type { Engine } from '../../engine/backend.ts'
import { type Shape, volume } from '../../model/layer.ts'
import type { LossName } from '../../model/losses.ts'
import { type NamedTensor, openTrained, type Preprocessing, setWeights } from '../../model/network.ts'
import { gradientOf, outputOf } from '../../model/programs.ts'
import { type ModelSpec, type ResolvedModel, type ResolvedNode, resolve } from '../../model/spec.ts'
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
function lastOfConvolution({ nodes }: ResolvedModel): string | undefined {
  const last = nodes.findLast(({ kind }) => kind.kind === 'conv2d')
  return last && nodes.findLast(({ shape }) => shape.join() === last.shape.join())?.name
}

/** Whether Grad-CAM can be made at a layer: it gives [height, width, channels]. */
const isImage = ({ shape }: ResolvedNode) => shape.length === 3

/** Refuses what is no image of the network's, no class, or no layer that has places. */
function check(
  pixels: Uint8Array,
  { label, layer }: Question,
  imageShape: Shape,
  { nodes, classes }: ResolvedModel,
): void {
  if (pixels.length !== volume(imageShape)) {
    const expected = `one image of ${imageShape.join('×')} bytes`
    throw new ShapeError({ at: 'explain', expected, received: `${pixels.length} bytes` })
  }
  if (label !== undefined && !(Number.isInteger(label) && label >= 0 && label < classes)) {
    const expected = `the number of a class, 0 to ${classes - 1}`
    throw new InputError({ at: 'explain: label', expected, received: `${label}` })
  }
  const fit = nodes.filter(isImage).map(({ name }) => name)
  if (layer !== undefined && !fit.includes(layer)) {
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
  const { spec, tensors, imageShape, preprocessing, loss = 'cross-entropy' } = model
  const resolved = resolve(spec)
  const images = resolved.nodes.filter(isImage)
  const slopeOf = (layer: string) => gradientOf(outputOf(layer))
  const input = slopeOf(resolved.input.name)
  const read = [...images.flatMap(({ name }) => [outputOf(name), slopeOf(name)]), input]
  const options = { batch: 1, explains: true, read }
  const network = openTrained({ spec, preprocessing, loss }, tensors, engine, options)
  const { classes } = network
  const gradCamLayer = lastOfConvolution(resolved)

  const copy = (name: string) => Float32Array.from(network.tensor(name))
  const mapAt = (layer: string) => {
    const { shape } = images.find(({ name }) => name === layer)!
    const small = gradCam({ shape, values: copy(outputOf(layer)) }, { shape, values: copy(slopeOf(layer)) })
    return { ...resize(small, imageShape[0], imageShape[1]), layer }
  }

  return {
    gradCamLayer,
    setWeights: (tensors) => setWeights(network, tensors),
    explain(pixels, { label: asked, layer = gradCamLayer } = {}) {
      check(pixels, { label: asked, layer }, imageShape, resolved)
      const label = asked ?? argmax(network.predict(pixels), 0, classes)
      const oneHot = Float32Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0))
      const probabilities = Float32Array.from(network.explain(pixels, oneHot))
      const gradient = copy(input)
      return {
        probabilities,
        label,
        gradient,
        saliency: saliency({ shape: imageShape, values: gradient }),
        gradCam: layer === undefined ? undefined : mapAt(layer),
      }
    },
    close: () => network.close(),
  }
}
