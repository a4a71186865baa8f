import type { LayerOutput } from '../../src/evaluation/activations.ts'
import type { NamedTensor } from '../../src/model/network.ts'
import type { Tiles } from './protocol.ts'

/** More of one layer than this nobody looks at: pictures, and single values. */
const MOST = 64
const MOST_VALUES = 256

/** Divided by the largest magnitude, so that all of a layer's pictures share one scale. */
function scaled(values: Float32Array): Float32Array {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largest === 0 ? values : values.map((value) => value / largest)
}

/** Channels-last values as one picture a channel. */
function unstack(values: Float32Array, height: number, width: number, channels: number, count: number) {
  const planes = new Float32Array(count * height * width)
  for (let c = 0; c < count; c++) {
    for (let p = 0; p < height * width; p++) planes[c * height * width + p] = values[p * channels + c]
  }
  return planes
}

/**
 * The first layer's weights as pictures: a convolution's kernels, [height, width, channels, filters], the channels' mean;
 * or what each unit of a dense layer, [pixels, units], looks for in an image of the given shape.
 */
export function filterTiles(
  weights: readonly NamedTensor[],
  [imageHeight, imageWidth, channels]: readonly number[],
): Tiles | undefined {
  const kernel = weights.find(({ name }) => name.endsWith('/kernel'))
  if (kernel === undefined) return undefined
  const isDense = kernel.shape.length === 2
  if (isDense && kernel.shape[0] !== imageHeight * imageWidth * channels) return undefined
  const [height, width, inputs, total] = isDense
    ? [imageHeight, imageWidth, channels, kernel.shape[1]]
    : kernel.shape
  const count = Math.min(MOST, total)
  const means = new Float32Array(height * width * total)
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < inputs; c++) {
      for (let f = 0; f < total; f++)
        means[p * total + f] += kernel.values[(p * inputs + c) * total + f] / inputs
    }
  }
  const title = kernel.name.replace(/\/kernel$/, '')
  return { title, count, height, width, total, values: scaled(unstack(means, height, width, total, count)) }
}

/** What a layer gave: one picture a channel, or one a value where it gives a row of them. */
export function outputTiles({ name, shape, values }: LayerOutput): Tiles {
  const [height, width, total] = shape.length === 3 ? shape : [1, 1, shape[0]]
  const count = Math.min(height * width === 1 ? MOST_VALUES : MOST, total)
  const planes = unstack(scaled(values), height, width, total, count)
  return { title: name, count, height, width, total, values: planes }
}
