import { InputError } from '../base/errors.ts'
import {
  activation as activate,
  add,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  type GraphNode,
  globalAveragePool2d,
  input,
  maxPool2d,
  model,
} from './functional.ts'
import { completeNetworkOptions, type NetworkOptions } from './network-options.ts'
import type { ModelSpec } from './spec.ts'

/** A multi-layer perceptron: dense layers of the given widths, then softmax. */
export function mlp(name: string, units: readonly number[], options: NetworkOptions = {}): ModelSpec {
  const { imageShape, classes, initializer, activation, dropout: rate } = completeNetworkOptions(options)
  const inputs = input([imageShape.reduce((a, b) => a * b, 1)], 'input_layer')
  let x = inputs
  units.forEach((width, i) => {
    x = dense({ units: width, activation, initializer, name: `hidden_layer_${i + 1}` })(x)
    x = withDropout(x, rate, i)
  })
  const outputs = dense({ units: classes, activation: 'softmax', initializer, name: 'output_layer' })(x)
  return model({ inputs, outputs, name })
}

/** A convolutional network: blocks of a 3×3 `same` convolution and 2×2 max-pooling, then softmax. */
export function cnn(name: string, filters: readonly number[], options: NetworkOptions = {}): ModelSpec {
  const { imageShape, classes, initializer, activation, dropout: rate } = completeNetworkOptions(options)
  const inputs = input(imageShape, 'input_layer')
  let x = inputs
  filters.forEach((width, i) => {
    x = conv2d({ filters: width, kernel: 3, activation, initializer, name: `conv_2d_layer_${i + 1}` })(x)
    x = maxPool2d({ pool: 2, name: `max_pool_2d_layer_${i + 1}` })(x)
    x = withDropout(x, rate, i)
  })
  x = flatten({ name: 'flatten_layer' })(x)
  const outputs = dense({ units: classes, activation: 'softmax', initializer, name: 'output_layer' })(x)
  return model({ inputs, outputs, name })
}

/**
 * A small residual network (He et al., "Deep residual learning for image recognition", 2016), each convolution with batch
 * normalization. Two convolutions look at the image as it is, for its fine texture tells most; then, for every further width, come a
 * convolution and a residual block of two. Maps are halved after each of these, but before the last block, which is the widest
 * and would cost the most. It ends in the mean of each channel.
 */
export function residual(name: string, widths: readonly number[], options: NetworkOptions = {}): ModelSpec {
  const { imageShape, classes, initializer, activation, dropout: rate } = completeNetworkOptions(options)
  const convolve = (filters: number, label: string) => (x: GraphNode) =>
    batchNorm({ name: `${label}_norm` })(conv2d({ filters, kernel: 3, initializer, name: label })(x))
  const block = (filters: number, label: string) => (x: GraphNode) => {
    const first = convolve(filters, `${label}_block_1`)(x)
    const inner = activate({ activation, name: `${label}_block_activation` })(first)
    const sum = add({ name: `${label}_add` })(x, convolve(filters, `${label}_block_2`)(inner))
    return activate({ activation, name: `${label}_out` })(sum)
  }
  const inputs = input(imageShape, 'input_layer')
  let x = inputs
  widths.forEach((filters, i) => {
    const label = `stage_${i + 1}`
    const halve = maxPool2d({ pool: 2, name: `${label}_pool` })
    x = activate({ activation, name: `${label}_activation` })(convolve(filters, `${label}_conv`)(x))
    if (i === 1) x = halve(x)
    if (i > 1) {
      const refine = block(filters, label)
      const isLast = i === widths.length - 1
      x = withDropout(isLast ? refine(halve(x)) : halve(refine(x)), rate, i)
    }
  })
  x = globalAveragePool2d({ name: 'global_pool_layer' })(x)
  const outputs = dense({ units: classes, activation: 'softmax', initializer, name: 'output_layer' })(x)
  return model({ inputs, outputs, name })
}

const withDropout = (x: GraphNode, rate: number, i: number) =>
  rate > 0 ? dropout({ rate, name: `dropout_layer_${i + 1}` })(x) : x

/** The networks of the reference study, by name, and one of our own. */
export const namedNetworks = {
  'mlp-deep-thin': { build: mlp, widths: [8, 8, 8, 8, 8, 8] },
  'mlp-small': { build: mlp, widths: [128] },
  'mlp-medium': { build: mlp, widths: [128, 128] },
  'mlp-large': { build: mlp, widths: [128, 128, 128] },
  'cnn-small': { build: cnn, widths: [32] },
  'cnn-medium': { build: cnn, widths: [32, 64] },
  'cnn-large': { build: cnn, widths: [32, 64, 128, 256] },
  'cnn-residual': { build: residual, widths: [16, 32, 64, 128] },
} as const
/** The name of a network that comes with the package. */
export type NetworkName = keyof typeof namedNetworks

export const isNetworkName = (name: string): name is NetworkName => Object.hasOwn(namedNetworks, name)

/** A network by its name. */
export function network(name: string, options: NetworkOptions = {}): ModelSpec {
  if (!isNetworkName(name)) {
    throw new InputError({
      at: 'model',
      expected: `one of ${Object.keys(namedNetworks).join(', ')}, or a JSON file`,
      received: `"${name}"`,
    })
  }
  const { build, widths } = namedNetworks[name]
  return build(name, widths, options)
}
