import { key } from '../base/random.ts'
import type { LabeledImages } from '../data/dataset.ts'
import { REGISTERS } from '../engine/backend.ts'
import type { Tensor } from '../model/layer.ts'
import { type Engine, type Network, openNetwork, setWeights } from '../model/network.ts'
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
  readonly tensor: Tensor
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
  const batch = Math.min(BATCH, order.length)
  const how = { batch, ...preprocessing, loss, key: key(0), fuses: false, gradients: true } as const
  const network = openNetwork(spec, engine, how)
  try {
    setWeights(network, tensors)
    const { compiled, session } = network
    const tallies = spec.nodes.map(({ name, kind }) =>
      newTally(name, kind, compiled.tensors.outputs.get(name)!),
    )
    const layer = spec.nodes.find(({ name }) => name === spec.output)!.inputs[0]
    const hidden = compiled.tensors.outputs.get(layer)!
    const values = new Float32Array(order.length * hidden.length)
    const probabilities = new Float32Array(order.length * compiled.classes)
    /** Copies what the live examples of a batch left. */
    const keep = ({ offset, length }: Tensor, to: Float32Array, start: number) => {
      const count = Math.min(batch, order.length - start)
      to.set(session.floats.subarray(offset, offset + count * length), start * length)
    }
    const gradient = new Float64Array(compiled.gradients.length)
    session.bind({ images: images.pixels, labels: images.labels, order })
    for (let start = 0; start < order.length; start += batch) {
      const count = Math.min(batch, order.length - start)
      session.registers[REGISTERS.count] = count
      session.registers[REGISTERS.position] = start
      session.registers[REGISTERS.step] = start
      session.run('evaluate')
      for (const tally of tallies) add(tally, session.floats, count)
      keep(hidden, values, start)
      keep(compiled.tensors.probabilities, probabilities, start)
      session.run('gradients') // of the images that `evaluate` left in place
      for (let i = 0; i < gradient.length; i++) {
        gradient[i] += (session.floats[compiled.gradients.offset + i] * count) / order.length
      }
      setWeights(network, tensors) // batch-norm's running statistics have moved
    }
    const layers = tallies.map((tally) =>
      statisticsOf(tally, order.length, kernelNorm(network, tally.name, gradient)),
    )
    return { probabilities, layers, hidden: { layer, length: hidden.length, values } }
  } finally {
    network.close()
  }
}

const newTally = (name: string, kind: string, tensor: Tensor): Tally => ({
  name,
  kind,
  tensor,
  sum: 0,
  squares: 0,
  zeros: 0,
  lives: new Uint8Array(tensor.shape[tensor.shape.length - 1]),
})

/** Adds what a layer has given for a batch. */
function add(tally: Tally, floats: Float32Array | Float64Array, count: number): void {
  const { lives, tensor } = tally
  const units = lives.length
  const end = tensor.offset + count * tensor.length
  let [sum, squares, zeros] = [0, 0, 0]
  for (let i = tensor.offset, unit = 0; i < end; i++) {
    const value = floats[i]
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
  { name, kind, tensor, lives, ...sums }: Tally,
  images: number,
  gradient: number | undefined,
): LayerStatistics {
  const count = images * tensor.length
  const mean = sums.sum / count
  const spread = Math.sqrt(Math.max(sums.squares / count - mean * mean, 0))
  const dead = lives.filter((lives) => lives === 0).length
  return {
    name,
    kind,
    shape: tensor.shape,
    mean,
    spread,
    zeros: sums.zeros / count,
    units: lives.length,
    dead,
    gradient,
  }
}

function kernelNorm({ compiled }: Network, layer: string, gradient: Float64Array): number | undefined {
  const kernel = compiled.parameters.find(
    ({ name, role }) => role === 'kernel' && name.startsWith(`${layer}/`),
  )
  if (kernel === undefined) return undefined
  let squares = 0
  for (let i = kernel.offset; i < kernel.offset + kernel.length; i++) squares += gradient[i] * gradient[i]
  return Math.sqrt(squares)
}
