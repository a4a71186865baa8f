import type { ExplainedModel } from '../../evaluation/explanation/explain.ts'
import type { FiltersRecord } from './record.ts'

/** As many as a figure shows well. */
const MOST = 32

/** The weights of the first layer that has a kernel as pictures: all of a few filters, else those of the greatest length. */
export function describeFilters({ spec, tensors, imageShape }: ExplainedModel): FiltersRecord {
  const kernels = spec.nodes.flatMap(
    ({ name }) => tensors.find((tensor) => tensor.name === `${name}/kernel`) ?? [],
  )
  const { name, shape, values } = kernels[0]
  const total = shape[shape.length - 1]
  const isConvolution = shape.length === 4
  const [height, width, channels] = isConvolution ? shape : imageShape
  const pictures = Array.from({ length: total }, (_, filter) =>
    Float64Array.from({ length: height * width }, (__, pixel) => {
      let sum = 0
      for (let c = 0; c < channels; c++) sum += values[(pixel * channels + c) * total + filter]
      return sum / channels
    }),
  )
  const shown = strongest(pictures)
  const largest = strength(shown.map((i) => pictures[i]))
  const byte = (value: number) =>
    largest === 0 ? 127 : Math.round(127.5 + 127.5 * Math.min(Math.max(value / largest, -1), 1))
  const weights = Uint8Array.from(shown.flatMap((i) => Array.from(pictures[i], byte)))
  return {
    layer: name.slice(0, -'/kernel'.length),
    height,
    width,
    total,
    shown,
    largest,
    weights: Buffer.from(weights).toString('base64'),
  }
}

/** As many pixels as make a picture of a whole image, in which a few weights that stand out would pale all others. */
const MANY = 100

/** The magnitude to draw strongest: the greatest of small filters, that which one weight in a hundred exceeds of large ones. */
function strength(pictures: readonly Float64Array[]): number {
  const sizes = Float64Array.from(pictures.flatMap((picture) => Array.from(picture, Math.abs))).sort()
  return sizes[Math.floor((sizes.length - 1) * (pictures[0].length < MANY ? 1 : 0.99))]
}

/** The numbers of the filters that are shown, in the layer's order. */
function strongest(pictures: readonly Float64Array[]): number[] {
  const squares = pictures.map((picture) => picture.reduce((sum, value) => sum + value * value, 0))
  return squares
    .map((_, i) => i)
    .sort((a, b) => squares[b] - squares[a] || a - b)
    .slice(0, MOST)
    .sort((a, b) => a - b)
}
