import type { Shape } from '../../model/layer.ts'
import type { ActivationName } from '../../model/layers/activation.ts'
import type { BatchNormOptions } from '../../model/layers/batch-norm.ts'
import type { Conv2dOptions } from '../../model/layers/conv2d.ts'
import type { DenseOptions } from '../../model/layers/dense.ts'
import type { LayerKindName } from '../../model/layers/index.ts'
import { type PoolOptions, poolWindows } from '../../model/layers/pool.ts'
import { windows } from '../../model/layers/window.ts'
import type { NamedTensor } from '../../model/network.ts'
import { transpose } from '../transpose.ts'
import { channelsLast, type GraphWriter } from './graph.ts'

/** A layer that is to be written down: its inputs are values of the graph, channels first. */
export interface LayerToWrite {
  readonly graph: GraphWriter
  readonly name: string
  readonly options: unknown
  readonly inputs: readonly string[]
  /** Of the inputs, of one example, channels last, as our layers have them. */
  readonly shapes: readonly Shape[]
  readonly weights: Readonly<Record<string, NamedTensor>>
}

/** Writes the ONNX nodes of a layer; returns the name of its output. */
type LayerWriter = (layer: LayerToWrite) => string

const activationNodes: Readonly<
  Record<ActivationName, readonly [string, Readonly<Record<string, number>>] | undefined>
> = {
  linear: undefined,
  relu: ['Relu', {}],
  sigmoid: ['Sigmoid', {}],
  tanh: ['Tanh', {}],
  softmax: ['Softmax', { axis: 1 }],
}

/** An activation behind a node of this name; nothing where it is linear. */
export function activate(
  { graph, name }: Pick<LayerToWrite, 'graph' | 'name'>,
  activation: ActivationName,
  x: string,
): string {
  const node = activationNodes[activation]
  return node === undefined ? x : graph.node(node[0], [x], `${name}/${activation}`, node[1])
}

/** Windows as ONNX names them: pads are the rows above, the columns left, the rows below, the columns right. */
function windowAttributes(
  { pixels, taps }: Pick<ReturnType<typeof windows>, 'pixels' | 'taps'>,
  dilation: readonly [number, number],
) {
  const after = (
    size: number,
    out: number,
    kernel: number,
    stride: number,
    before: number,
    dilated: number,
  ) => Math.max((out - 1) * stride + (kernel - 1) * dilated + 1 - size - before, 0)
  const { height, width, outHeight, outWidth } = pixels
  const { kernelHeight, kernelWidth, strideHeight, strideWidth, padTop, padLeft } = taps
  return {
    kernel_shape: [kernelHeight, kernelWidth],
    strides: [strideHeight, strideWidth],
    pads: [
      padTop,
      padLeft,
      after(height, outHeight, kernelHeight, strideHeight, padTop, dilation[0]),
      after(width, outWidth, kernelWidth, strideWidth, padLeft, dilation[1]),
    ],
  }
}

const pool =
  (opType: string): LayerWriter =>
  ({ graph, name, options, inputs, shapes: [shape] }) => {
    const { geometry } = poolWindows(shape, options as PoolOptions, name)
    const attributes = windowAttributes({ pixels: geometry, taps: geometry }, [1, 1])
    return graph.node(opType, inputs, `${name}/output`, attributes)
  }

const dense: LayerWriter = (layer) => {
  const { graph, name, options, inputs, weights } = layer
  const { kernel, bias } = weights
  const w = graph.constant(kernel.name, kernel.shape, kernel.values)
  const b = graph.constant(bias.name, bias.shape, bias.values)
  const z = graph.node('Gemm', [...inputs, w, b], `${name}/output`)
  return activate(layer, (options as DenseOptions).activation, z)
}

const conv2d: LayerWriter = (layer) => {
  const { graph, name, inputs, shapes, weights } = layer
  const options = layer.options as Conv2dOptions
  const { pixels, taps, dilations } = windows(shapes[0], options, name)
  const dilation = [dilations.dilationHeight, dilations.dilationWidth] as const
  const filters = transpose(weights.kernel.values, weights.kernel.shape, [3, 2, 0, 1])
  const w = graph.constant(weights.kernel.name, filters.shape, filters.values)
  const b = graph.constant(weights.bias.name, weights.bias.shape, weights.bias.values)
  const attributes = { ...windowAttributes({ pixels, taps }, dilation), dilations: dilation }
  return activate(
    layer,
    options.activation,
    graph.node('Conv', [...inputs, w, b], `${name}/output`, attributes),
  )
}

const batchNorm: LayerWriter = ({ graph, name, options, inputs, weights }) => {
  const { epsilon } = options as BatchNormOptions
  const parameters = [weights.gamma, weights.beta, weights.mean, weights.variance].map((tensor) =>
    graph.constant(tensor.name, tensor.shape, tensor.values),
  )
  return graph.node('BatchNormalization', [...inputs, ...parameters], `${name}/output`, {
    epsilon: { float: epsilon },
  })
}

/** In our order, channels last. */
const flatten: LayerWriter = ({ graph, name, inputs: [x], shapes: [shape] }) => {
  const perm = channelsLast(shape)
  const y = perm === undefined ? x : graph.node('Transpose', [x], `${name}/channels-last`, { perm })
  return graph.node('Flatten', [y], `${name}/output`, { axis: 1 })
}

const globalAveragePool2d: LayerWriter = ({ graph, name, inputs }) => {
  const means = graph.node('GlobalAveragePool', inputs, `${name}/means`)
  return graph.node('Flatten', [means], `${name}/output`, { axis: 1 })
}

/** How each kind of layer is written in ONNX (operator set 13). A new kind is a row. */
export const layerWriters: Readonly<Record<Exclude<LayerKindName, 'input'>, LayerWriter>> = {
  dense,
  conv2d,
  maxPool2d: pool('MaxPool'),
  averagePool2d: pool('AveragePool'), // which counts no padding unless told to
  globalAveragePool2d,
  batchNorm,
  flatten,
  dropout: ({ inputs }) => inputs[0],
  activation: (layer) =>
    activate(layer, (layer.options as { activation: ActivationName }).activation, layer.inputs[0]),
  add: ({ graph, name, inputs }) => graph.node('Add', inputs, `${name}/output`),
}
