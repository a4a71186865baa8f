import { ShapeError } from '../base/errors.ts'
import type { Key } from '../base/random.ts'
import { type Arithmetic, type Backend, REGISTERS, type Session } from '../engine/backend.ts'
import { type Compiled, type CompileOptions, compile, initialize } from './compile.ts'
import { spoken } from './layer.ts'
import type { Parameter } from './layout.ts'
import type { ModelSpec } from './spec.ts'

/** How pixel bytes become numbers: byte·scale + shift. Dividing by 255 is the reference's choice. */
export interface Preprocessing {
  readonly scale: number
  readonly shift: number
}
export const unitInterval: Preprocessing = { scale: 1 / 255, shift: 0 }

/** Where and how a network computes. */
export interface Engine {
  readonly backend: Backend
  readonly arithmetic: Arithmetic
  readonly threads: number
}

/** Images and labels that a network reads, and in which order. */
export interface Examples {
  /** Bytes of shape [images, pixels]. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
  /** The numbers of the images to take, one after another. */
  readonly order: Int32Array
}

/** A network in memory. It holds native memory and threads until it is closed. */
export interface Network {
  readonly compiled: Compiled
  readonly session: Session
  close(): void
}

/** Compiles a network and opens it on an engine; its weights are zero until `initialize` or `setWeights`. */
export function openNetwork(spec: ModelSpec, engine: Engine, options: CompileOptions): Network {
  const compiled = compile(spec, options)
  const session = engine.backend.open(compiled.plan, {
    arithmetic: engine.arithmetic,
    threads: engine.threads,
  })
  return { compiled, session, close: () => session.close() }
}

/** Draws all weights anew. */
export function initializeWeights({ compiled, session }: Network, from: Key): void {
  initialize(compiled, session.floats, from)
}

/** A tensor with its name and shape, as files hold it. */
export interface NamedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const copyOf = (parameters: readonly Parameter[], floats: Float32Array | Float64Array): NamedTensor[] =>
  parameters.map(({ name, shape, offset, length }) => ({
    name,
    shape,
    values: Float32Array.from(floats.subarray(offset, offset + length)),
  }))

/** A copy of the weights that are evaluated and kept (their moving averages, where there are any), in the model's order. */
export const getWeights = ({ compiled, session }: Network): NamedTensor[] =>
  copyOf(compiled.kept, session.floats)

/** A copy of the weights that training moves. */
export const getLiveWeights = ({ compiled, session }: Network): NamedTensor[] =>
  copyOf(compiled.parameters, session.floats)

/** Puts weights into a network; each of its parameters must be there with its shape. Averages begin with them. */
export function setWeights({ compiled, session }: Network, tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  compiled.parameters.forEach(({ name, shape, length, offset }, i) => {
    const tensor = byName.get(name)
    if (tensor === undefined || tensor.shape.join() !== shape.join() || tensor.values.length !== length) {
      throw new ShapeError({
        at: `weights: ${name}`,
        expected: spoken(shape),
        received: tensor === undefined ? 'none' : spoken(tensor.shape),
        hint: 'The weights belong to another network.',
      })
    }
    session.floats.set(tensor.values, offset)
    session.floats.set(tensor.values, compiled.kept[i].offset)
  })
}

/**
 * Images that a network takes at once where it only predicts: enough to share between threads, few enough that what layers
 * hand on stays in the processor's caches (measured on cnn-medium: 8 % faster than 256).
 */
export const PREDICTION_BATCH = 64

/** What a pass over some examples gives. */
export interface Measurement {
  /** Mean cross-entropy, in nats. */
  readonly loss: number
  readonly accuracy: number
}

/**
 * Loss and accuracy over all of `examples`. `onBatch` sees each batch's class probabilities, [count, classes], in a view
 * that the next batch overwrites. Sums are in float64 over examples in order, so the batch size moves no bit.
 */
export function measure(
  network: Network,
  examples: Examples,
  onBatch?: (start: number, probabilities: Float32Array | Float64Array) => void,
): Measurement {
  const steps = measureInSteps(network, examples, onBatch)
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** `measure`, one batch at a time, so that a caller can do something else between batches. */
export function* measureInSteps(
  { compiled, session }: Network,
  { pixels, labels, order }: Examples,
  onBatch?: (start: number, probabilities: Float32Array | Float64Array) => void,
): Generator<void, Measurement> {
  const { probabilities, losses, hits } = compiled.tensors
  session.bind({ images: pixels, labels, order })
  let lossSum = 0
  let hitSum = 0
  for (let start = 0; start < order.length; start += compiled.plan.batch) {
    const count = Math.min(compiled.plan.batch, order.length - start)
    session.registers[REGISTERS.count] = count
    session.registers[REGISTERS.position] = start
    session.run('evaluate')
    const { floats } = session
    for (let i = 0; i < count; i++) {
      lossSum += floats[losses.offset + i]
      hitSum += floats[hits.offset + i]
    }
    onBatch?.(start, floats.subarray(probabilities.offset, probabilities.offset + count * compiled.classes))
    yield
  }
  return { loss: lossSum / order.length, accuracy: hitSum / order.length }
}
