import { InputError, ShapeError } from '../base/errors.ts'
import { type Key, key } from '../base/random.ts'
import { type Engine, REGISTERS, type Session } from '../engine/backend.ts'
import { RATES } from '../engine/operations.ts'
import { span } from '../engine/program.ts'
import { type Compiled, type CompileOptions, compile } from './compile.ts'
import { draw } from './initializers.ts'
import { spoken, type Tensor, volume } from './layer.ts'
import type { Parameter } from './layout.ts'
import type { ProgramName } from './programs.ts'
import type { ModelSpec, ResolvedModel } from './spec.ts'

/** How pixel bytes become numbers: byte·scale + shift. Dividing by 255 is the reference's choice. */
export interface Preprocessing {
  readonly scale: number
  readonly shift: number
}
export const unitInterval: Preprocessing = { scale: 1 / 255, shift: 0 }

/** float32; float64 in gradient checks alone. */
export type Floats = Float32Array | Float64Array

/** Images and labels that a network reads, and in which order. A network takes the arrays in once: new bytes are a new value. */
export interface Examples {
  /** Bytes of shape [images, pixels]. */
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
  /** The numbers of the images to take, one after another. */
  readonly order: Int32Array
}

/** Some examples that are taken at once: `count` of them from the entry `start` of their order on. */
export interface Batch {
  readonly examples: Examples
  readonly start: number
  /** From 1 to the network's `batch`. */
  readonly count: number
}

/** How far a step of training goes, and what keys the chance in it. */
export interface Rates {
  /** The training step, from 0: keys dropout. */
  readonly step: number
  /** From 1: keys augmentation. */
  readonly epoch?: number
  readonly learningRate: number
  /** How much of the moving average of the weights is kept, where the network has one. */
  readonly averaging?: number
}

/** What a network says of a batch, in views that the next call overwrites. */
export interface BatchResult {
  /** Cross-entropy of each example, in nats: [count]. */
  readonly losses: Floats
  /** 1 where the likeliest class is the label's, else 0: [count]. */
  readonly hits: Floats
  /** Of shape [count, classes]. */
  readonly probabilities: Floats
}

/** A network in memory. It holds native memory and threads until it is closed. */
export interface Network {
  /** The layers with their shapes and parameters. */
  readonly model: ResolvedModel
  /** The most examples that one call takes. */
  readonly batch: number
  readonly classes: number
  /** One step of the optimizer. Needs `optimizer` among the options. */
  train(batch: Batch, rates: Rates): BatchResult
  /** The loss and the probabilities of a batch, with the weights that are kept: nothing is drawn, nothing moves. */
  evaluate(batch: Batch): BatchResult
  /** The class probabilities, [count, classes], of images: bytes of shape [count, pixels]. In a view, as above. */
  predict(pixels: Uint8Array): Floats
  /**
   * The gradients of a batch's mean loss as in training, which move no weight but the statistics that layers gather: read
   * them with `tensor`. Needs `gradients` among the options.
   */
  backward(batch: Batch): BatchResult
  /**
   * The gradients of Σ seed·logits for one image, as it is evaluated: `gradient of NAME/output` for every layer. Returns the
   * class probabilities. Needs `explains` among the options.
   */
  explain(pixels: Uint8Array, seed: ArrayLike<number>): Floats
  /**
   * A tensor that was named under `read` when the network was opened, as the last call left it: one row for each of its
   * examples, where it has rows. In a view that the next call overwrites.
   */
  tensor(name: string): Floats
  /** The weights that training moves, in the model's order, in views. */
  weights(): readonly NamedView[]
  /** Those that are evaluated and kept: their moving averages, where there are any. */
  keptWeights(): readonly NamedView[]
  /** What an optimizer keeps for the weights, and their averages, region by region, in views. */
  state(): readonly Floats[]
  close(): void
}

/** A tensor of a network's memory with its name and shape. */
export interface NamedView {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Floats
}

/** A tensor with its name and shape, as files hold it. */
export interface NamedTensor extends NamedView {
  readonly values: Float32Array
}

/** Compiles a network and opens it on an engine; its weights are zero until `initializeWeights` or `setWeights`. */
export function openNetwork(spec: ModelSpec, engine: Engine, options: CompileOptions): Network {
  const compiled = compile(spec, options)
  const { arithmetic, threads } = engine
  const session = engine.backend.open(compiled.plan, { arithmetic, threads })
  return networkOf(compiled, session, options)
}

/** The network that a session runs. */
export function networkOf(compiled: Compiled, session: Session, { optimizer }: CompileOptions): Network {
  const { tensors, plan, resolved, classes } = compiled
  const { x, losses, hits, probabilities, seed } = tensors
  const inOrder = Int32Array.from({ length: plan.batch }, (_, i) => i)
  let bound: Examples | undefined
  let last: { readonly program: ProgramName; readonly count: number } | undefined

  const view = ({ offset, length }: Pick<Tensor, 'offset' | 'length'>, rows = 1): Floats =>
    session.floats.subarray(offset, offset + length * rows)
  const viewsOf = (parameters: readonly Parameter[]) =>
    parameters.map((parameter) => ({ name: parameter.name, shape: parameter.shape, values: view(parameter) }))
  const result = (count: number): BatchResult => ({
    losses: view(losses, count),
    hits: view(hits, count),
    probabilities: view(probabilities, count),
  })

  function run(program: ProgramName, start: number, count: number) {
    const { registers } = session
    registers[REGISTERS.count] = count
    registers[REGISTERS.position] = start
    session.run(program)
    last = { program, count }
  }
  function runBatch(program: ProgramName, { examples, start, count }: Batch): BatchResult {
    if (bound !== examples) {
      session.bind({ images: examples.pixels, labels: examples.labels, order: examples.order })
      bound = examples
    }
    run(program, start, count)
    return result(count)
  }
  function runImages(program: ProgramName, pixels: Uint8Array): Floats {
    const count = pixels.length / x.length
    session.bind({ images: pixels, order: inOrder })
    bound = undefined
    run(program, 0, count)
    return view(probabilities, count)
  }

  return {
    model: resolved,
    batch: plan.batch,
    classes,
    train(batch, { step, epoch = 1, learningRate, averaging = 0 }) {
      session.registers[REGISTERS.step] = step
      session.registers[REGISTERS.epoch] = epoch
      const rates = view(compiled.rates)
      rates.set(optimizer?.rates(step, learningRate) ?? [])
      rates[RATES.averaging] = averaging
      return runBatch('train', batch)
    },
    evaluate: (batch) => runBatch('evaluate', batch),
    predict: (pixels) => runImages('evaluate', pixels),
    backward: (batch) => runBatch('backward', batch),
    explain(pixels, scores) {
      view(seed).set(scores)
      return runImages('explain', pixels)
    },
    tensor(name) {
      const tensor = last && compiled.readable[last.program]?.get(name)
      if (tensor !== undefined) return view(tensor, span(tensor, last!.count) / tensor.length)
      throw new InputError({
        at: 'tensor',
        expected: 'one that was named under `read` when the network was opened, and that the last call made',
        received: `"${name}"`,
      })
    },
    weights: () => viewsOf(compiled.parameters),
    keptWeights: () => viewsOf(compiled.kept),
    state: () =>
      [...compiled.state, ...(compiled.average ? [compiled.average] : [])].map((place) => view(place)),
    close: () => session.close(),
  }
}

/** Draws all weights anew; each tensor's numbers depend on the key and its name alone. */
export function initializeWeights(network: Network, from: Key): void {
  const specs = network.model.nodes.flatMap((node) => node.parameters)
  const kept = network.keptWeights()
  network.weights().forEach(({ name, values }, i) => {
    const { initializer, fanIn, fanOut } = specs[i]
    const drawn = draw(from.child(name), initializer, values.length, fanIn, fanOut)
    values.set(drawn)
    kept[i].values.set(drawn)
  })
}

const copyOf = (views: readonly NamedView[]): NamedTensor[] =>
  views.map(({ name, shape, values }) => ({ name, shape, values: Float32Array.from(values) }))

/** A copy of the weights that are evaluated and kept (their moving averages, where there are any), in the model's order. */
export const getWeights = (network: Network): NamedTensor[] => copyOf(network.keptWeights())

/** A copy of the weights that training moves. */
export const getLiveWeights = (network: Network): NamedTensor[] => copyOf(network.weights())

/** A tensor's shape, and how many values it has where these are not as many. */
const shapeOf = ({ shape, values }: NamedTensor) =>
  volume(shape) === values.length ? spoken(shape) : `${spoken(shape)} with ${values.length} values`

/** Puts weights into a network; each of its parameters must be there with its shape. Averages begin with them. */
export function setWeights(network: Network, tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const kept = network.keptWeights()
  network.weights().forEach(({ name, shape, values }, i) => {
    const tensor = byName.get(name)
    if (
      tensor === undefined ||
      tensor.shape.join() !== shape.join() ||
      tensor.values.length !== values.length
    ) {
      throw new ShapeError({
        at: `weights: ${name}`,
        expected: spoken(shape),
        received: tensor === undefined ? 'none' : shapeOf(tensor),
        hint: 'The weights belong to another network.',
      })
    }
    values.set(tensor.values)
    kept[i].values.set(tensor.values)
  })
}

/**
 * Images that a network takes at once where it only predicts: enough to share between threads, few enough that what layers
 * hand on stays in the processor's caches (measured on cnn-medium: 8 % faster than 256).
 */
export const PREDICTION_BATCH = 64

/** A trained network without its weights; a weights file says as much. */
interface Trained extends Pick<CompileOptions, 'loss'> {
  readonly spec: ModelSpec
  readonly preprocessing: Preprocessing
}

/** Opens a trained network with its weights, for prediction unless options say more; closes it where they do not fit. */
export function openTrained(
  { spec, preprocessing, loss }: Trained,
  weights: readonly NamedTensor[],
  engine: Engine,
  options: Partial<CompileOptions> = {},
): Network {
  const usual = { batch: PREDICTION_BATCH, ...preprocessing, loss, key: key(0) }
  const network = openNetwork(spec, engine, { ...usual, ...options })
  try {
    setWeights(network, weights)
    return network
  } catch (error) {
    network.close()
    throw error
  }
}

/** Opens a trained network, and closes it when `use` has returned. */
export function withNetwork<T>(
  trained: Trained,
  weights: readonly NamedTensor[],
  engine: Engine,
  use: (network: Network) => T,
): T {
  const network = openTrained(trained, weights, engine)
  try {
    return use(network)
  } finally {
    network.close()
  }
}

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
  onBatch?: (start: number, probabilities: Floats) => void,
): Measurement {
  const steps = measureInSteps(network, examples, onBatch)
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** `measure`, one batch at a time, so that a caller can do something else between batches. */
export function* measureInSteps(
  network: Network,
  examples: Examples,
  onBatch?: (start: number, probabilities: Floats) => void,
): Generator<void, Measurement> {
  const total = examples.order.length
  let lossSum = 0
  let hitSum = 0
  for (let start = 0; start < total; start += network.batch) {
    const count = Math.min(network.batch, total - start)
    const { losses, hits, probabilities } = network.evaluate({ examples, start, count })
    for (let i = 0; i < count; i++) {
      lossSum += losses[i]
      hitSum += hits[i]
    }
    onBatch?.(start, probabilities)
    yield
  }
  return { loss: lossSum / total, accuracy: hitSum / total }
}
