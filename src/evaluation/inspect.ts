import { key } from '../base/random.ts'
import type { LabeledImages } from '../data/dataset.ts'
import type { Engine } from '../engine/backend.ts'
import { type Shape, volume } from '../model/layer.ts'
import { type Floats, openNetwork, setWeights } from '../model/network.ts'
import { gradientOf, outputOf } from '../model/programs.ts'
import { type ResolvedNode, resolve } from '../model/spec.ts'
import type { ExplainedModel } from './explanation/explain.ts'

/** What a layer gave over some images. */
export interface LayerStatistics {
  readonly name: string
  /** `conv2d`, `dense`… */
  readonly kind: string
  readonly shape: readonly number[]
  /** Of all values, over all images; that of a softmax at the end is taken before it. */
  readonly mean: number
  /** Their standard deviation. */
  readonly spread: number
  /** The share of values that are exactly zero: behind a ReLU, those that it held back. */
  readonly zeros: number
  /** Units (channels of an image), and those among them that gave nothing but zero for every image. */
  readonly units: number
  readonly dead: number
  /** The length (L2 norm) of the mean loss's gradient by the layer's kernel; undefined for a layer without one. */
  readonly gradient: number | undefined
}

/** A look into a network over some images. */
export interface Inspection {
  /** Of shape [count, classes]. */
  readonly probabilities: Float32Array
  /** In the order of the network. */
  readonly layers: readonly LayerStatistics[]
  /** What the output layer reads, the last hidden layer's values: [count, length]. */
  readonly hidden: { readonly layer: string; readonly length: number; readonly values: Float32Array }
}

/** Sums of what a layer gave, as they grow. */
interface Tally {
  readonly name: string
  readonly kind: string
  readonly shape: Shape
  sum: number
  squares: number
  zeros: number
  /** Of each unit, whether it ever gave anything but zero. */
  readonly lives: Uint8Array
}

const BATCH = 100

/**
 * Shows a trained network the images numbered in `order` and notes what every layer gives, and how long the gradient of the
 * loss is that its kernel would get from them in training.
 */
export function inspect(
  model: ExplainedModel,
  images: LabeledImages,
  order: Int32Array,
  engine: Engine,
): Inspection {
  const { spec, preprocessing, loss = 'cross-entropy', tensors } = model
  const { nodes } = resolve(spec)
  const batch = Math.min(BATCH, order.length)
  const kernels = new Map(nodes.flatMap((node) => kernelOf(node) ?? []))
  const read = [...nodes.map(({ name }) => outputOf(name)), ...Array.from(kernels.values(), gradientOf)]
  const how = { batch, ...preprocessing, loss, key: key(0), gradients: true, read } as const
  const network = openNetwork(spec, engine, how)
  try {
    setWeights(network, tensors)
    const tallies = nodes.map(newTally)
    const layer = spec.nodes.find(({ name }) => name === spec.output)!.inputs[0]
    const length = volume(nodes.find(({ name }) => name === layer)!.shape)
    const values = new Float32Array(order.length * length)
    const probabilities = new Float32Array(order.length * network.classes)
    const gradients = new Map<string, Float64Array>()
    const examples = { pixels: images.pixels, labels: images.labels, order }
    for (let start = 0; start < order.length; start += batch) {
      const count = Math.min(batch, order.length - start)
      const result = network.evaluate({ examples, start, count })
      probabilities.set(result.probabilities, start * network.classes)
      for (const tally of tallies) add(tally, network.tensor(outputOf(tally.name)))
      values.set(network.tensor(outputOf(layer)), start * length)
      network.backward({ examples, start, count })
      for (const [name, kernel] of kernels) {
        const found = network.tensor(gradientOf(kernel))
        const sum = gradients.get(name) ?? new Float64Array(found.length)
        for (let i = 0; i < sum.length; i++) sum[i] += (found[i] * count) / order.length
        gradients.set(name, sum)
      }
      setWeights(network, tensors) // batch-norm's running statistics have moved
    }
    const layers = tallies.map((tally) => statisticsOf(tally, order.length, gradients.get(tally.name)))
    return { probabilities, layers, hidden: { layer, length, values } }
  } finally {
    network.close()
  }
}

/** A layer's name and its kernel's, where it has one. */
function kernelOf({ name, parameters }: ResolvedNode): [[string, string]] | undefined {
  const kernel = parameters.find(({ role }) => role === 'kernel')
  return kernel && [[name, `${name}/${kernel.name}`]]
}

const newTally = ({ name, kind, shape }: ResolvedNode): Tally => ({
  name,
  kind: kind.kind,
  shape,
  sum: 0,
  squares: 0,
  zeros: 0,
  lives: new Uint8Array(shape[shape.length - 1]),
})

/** Adds what a layer has given for a batch. */
function add(tally: Tally, values: Floats): void {
  const { lives } = tally
  const units = lives.length
  let [sum, squares, zeros, unit] = [0, 0, 0, 0]
  for (const value of values) {
    sum += value
    squares += value * value
    if (value === 0) zeros += 1
    else lives[unit] = 1
    unit = unit + 1 === units ? 0 : unit + 1
  }
  tally.sum += sum
  tally.squares += squares
  tally.zeros += zeros
}

function statisticsOf(
  { name, kind, shape, lives, ...sums }: Tally,
  images: number,
  gradient: Float64Array | undefined,
): LayerStatistics {
  const count = images * volume(shape)
  const mean = sums.sum / count
  return {
    name,
    kind,
    shape,
    mean,
    spread: Math.sqrt(Math.max(sums.squares / count - mean * mean, 0)),
    zeros: sums.zeros / count,
    units: lives.length,
    dead: lives.filter((lives) => lives === 0).length,
    gradient: gradient && Math.sqrt(gradient.reduce((squares, slope) => squares + slope * slope, 0)),
  }
}
