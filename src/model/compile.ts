import { ShapeError } from '../base/errors.ts'
import type { Key } from '../base/random.ts'
import type { Place, Plan, Program } from '../engine/program.ts'
import { type Augmentation, augmentationAttributes } from '../recipe/augmentation.ts'
import { fuse } from './fuse.ts'
import { draw } from './initializers.ts'
import { type Emitter, type Shape, spoken, type Tensor, volume } from './layer.ts'
import { type Layout, layOut, type Parameter, within } from './layout.ts'
import { planMemory } from './memory.ts'
import { type ModelSpec, type ResolvedModel, type ResolvedNode, resolve } from './spec.ts'
import { newTape, type Tape, writeBackward, writeForward } from './tape.ts'

/** What the backends' offsets of 32 bits can name. */
const MOST_WORDS = 2 ** 31 - 1

/** `softmax-twice` feeds the probabilities to the loss as if they were logits: the reference study's slip, by name. */
export type LossName = 'cross-entropy' | 'softmax-twice'

/** A parameter to be updated, its gradient and what the optimizer keeps for it. */
export interface UpdateTarget {
  readonly w: Place
  readonly g: Place
  readonly state: readonly Place[]
  readonly rates: Place
  readonly matrix: { readonly rows: number; readonly columns: number }
  /** Whether weight decay shrinks it: kernels, and no biases. */
  readonly shrinks: boolean
}

/** The part of an optimizer that writes instructions. */
export interface Update {
  /** How many words of state it keeps for each weight. */
  readonly stateWords: number
  emit(emitter: Pick<Emitter, 'emit'>, target: UpdateTarget): void
}

export interface CompileOptions {
  /** The most examples a run takes. */
  readonly batch: number
  /** Pixel bytes become byte·scale + shift. */
  readonly scale: number
  readonly shift: number
  readonly loss: LossName
  /** Keys what is drawn at random in training. */
  readonly key: Key
  /** Without it the network has no `train` program. */
  readonly update?: Update | undefined
  /** Share of the target that is spread over all classes (Szegedy et al. 2016); in training alone. */
  readonly labelSmoothing?: number | undefined
  /** The gradient's length is kept to this. */
  readonly clipNorm?: number | undefined
  /** Evaluates and keeps a moving average of the weights instead of the last ones. */
  readonly averages?: boolean | undefined
  readonly augmentation?: (Augmentation & { readonly image: Shape }) | undefined
  /** Also writes the programs `loss` and `gradients`, which read `x` and `labels` as the host left them. */
  readonly gradients?: boolean | undefined
  /** Also writes the program `explain`: forward as in `evaluate`, then from `seed` back to what every layer gave. */
  readonly explains?: boolean | undefined
  /** Joins operations that belong together; true unless a test wants to see that it moves no bit. */
  readonly fuses?: boolean | undefined
}

/** A network as programs over one memory. */
export interface Compiled extends Layout {
  readonly spec: ModelSpec
  readonly plan: Plan
  readonly classes: number
  /** The weights that are evaluated and kept: the averages where there are any, else the parameters. */
  readonly kept: readonly Parameter[]
  /** What programs read and leave behind. */
  readonly tensors: {
    readonly x: Tensor
    readonly labels: Tensor
    readonly probabilities: Tensor
    readonly losses: Tensor
    readonly hits: Tensor
    /** The gradient by the input, after `gradients`. */
    readonly dx: Tensor | undefined
    /**
     * What each layer gave, by its name, after `evaluate`: all of them where the network was compiled with `fuses: false`,
     * since joined operations skip what lies between them. A softmax output stands here before its softmax.
     */
    readonly outputs: ReadonlyMap<string, Tensor>
  }
  /** Where the host and the program `explain` meet, if there is one. */
  readonly explanation: Explanation | undefined
}

/** What `explain` reads and leaves behind; layers go by their names. */
export interface Explanation {
  /** Of shape [classes]: the sum of the logits, each times its word here, is explained. Written anew before every run. */
  readonly seed: Tensor
  readonly outputs: ReadonlyMap<string, Tensor>
  /** The gradient of that sum by what each layer gave; by the image, for the input. */
  readonly slopes: ReadonlyMap<string, Tensor>
}

/** A dense output with softmax is compiled without it: the loss and the prediction apply softmax themselves. */
export function withoutSoftmax(spec: ModelSpec): ModelSpec {
  const nodes = spec.nodes.map((node) =>
    node.name === spec.output && node.options.activation === 'softmax'
      ? { ...node, options: { ...node.options, activation: 'linear' } }
      : node,
  )
  return { ...spec, nodes }
}

/** The tensors by which the host and the programs of a network meet. */
type Exchange = Omit<Compiled['tensors'], 'dx' | 'outputs'>

/** Works out a network's memory and writes its programs. Throws when its shapes do not fit. */
export function compile(spec: ModelSpec, options: CompileOptions): Compiled {
  const resolved = resolve(withoutSoftmax(spec))
  const { input, classes } = resolved
  const { update, batch } = options
  const memory = planMemory(batch)
  const layout = layOut(resolved, memory, {
    gradients: update !== undefined || options.gradients === true,
    stateWords: update?.stateWords ?? 0,
    averages: options.averages === true,
  })
  const exchange: Exchange = {
    x: memory.place(input.shape, true),
    labels: memory.place([1], true),
    probabilities: memory.place([classes], true),
    losses: memory.place([1], true),
    hits: memory.place([1], true),
  }
  const seed = options.explains ? memory.place([classes], true) : undefined
  const zeros = memory.place([options.explains ? longestStatistic(resolved) : 0], false)
  const { average } = layout
  const kept = layout.parameters.map((p) => (average ? within(average, p) : p))

  const base = memory.used
  let words = base
  /** Writes one program; its scratch begins where that of the others does. */
  const program = (
    training: boolean,
    write: (tape: Tape) => void,
    joins = options.fuses !== false,
  ): Program => {
    memory.rewind(base)
    const gradient = (parameter: Tensor) => within(layout.gradients, parameter)
    const rows = (shape: Shape) => memory.place(shape, true)
    const fixed = (shape: Shape) => memory.place(shape, false)
    const tape = newTape({ training, rows, fixed, gradient, zeros: (shape) => beginning(zeros, shape) })
    write(tape)
    words = Math.max(words, memory.used)
    return joins ? fuse(tape.instructions) : tape.instructions
  }
  const writer = writers(resolved, layout, exchange, options)
  let dx: Tensor | undefined
  let outputs: ReadonlyMap<string, Tensor> = new Map()
  const programs: Record<string, Program> = {
    evaluate: program(false, (tape) => {
      writer.gather(tape)
      const forward = writer.forward(tape, kept)
      outputs = forward.outputs
      writer.loss(tape, forward.y, 0)
    }),
  }
  if (update !== undefined) {
    programs.train = program(true, (tape) => {
      writer.gatherForTraining(tape)
      writer.lossAndGradients(tape, false)
      writer.update(tape, update)
    })
  }
  if (options.gradients) {
    programs.loss = program(true, (tape) => {
      writer.loss(tape, writer.forward(tape, layout.parameters).y)
    })
    programs.gradients = program(true, (tape) => {
      dx = writer.lossAndGradients(tape, true)
    })
  }
  let explanation: Explanation | undefined
  if (seed !== undefined) {
    const write = (tape: Tape) => {
      explanation = { seed, ...writer.explanation(tape, kept, seed) }
    }
    programs.explain = program(false, write, false).filter((step) => !('dw' in step.operands)) // nothing is to learn
  }
  const tensors = { ...exchange, dx, outputs }
  if (words > MOST_WORDS) {
    throw new ShapeError({
      at: 'network',
      expected: `at most ${MOST_WORDS} numbers (8 GiB) in memory at once`,
      received: `${words} with ${batch} images a batch`,
      hint: 'A smaller batch needs less, and so do fewer or narrower layers.',
    })
  }
  return { ...layout, spec, classes, kept, plan: { words, batch, programs }, tensors, explanation }
}

/** How many zeros a way back past a layer's statistics may ask for. */
const longestStatistic = ({ nodes }: ResolvedModel) =>
  Math.max(
    0,
    ...nodes.flatMap(({ parameters }) =>
      parameters.filter(({ role }) => role === 'statistic').map(({ shape }) => volume(shape)),
    ),
  )

/** The first words of a tensor, under a shape. */
const beginning = (tensor: Tensor, shape: Shape): Tensor => ({ ...tensor, shape, length: volume(shape) })

/** A dense layer's kernel as the matrix that it is; any other parameter as a single row. */
const matrixOf = ({ shape, length }: Tensor) =>
  shape.length === 2 ? { rows: shape[0], columns: shape[1] } : { rows: 1, columns: length }

/** The pieces of which a network's programs are made. */
function writers(resolved: ResolvedModel, layout: Layout, exchange: Exchange, options: CompileOptions) {
  const { x, labels, probabilities, losses, hits } = exchange
  const { classes } = resolved
  const { key, scale, shift } = options

  function forward(tape: Tape, parameters: readonly Parameter[]) {
    const byName = new Map(parameters.map((p) => [p.name, p]))
    const parametersOf = (node: ResolvedNode) =>
      Object.fromEntries(node.parameters.map(({ name }) => [name, byName.get(`${node.name}/${name}`)!]))
    return writeForward(resolved, x, parametersOf, (node) => tape.emitter(key.child(node.name)))
  }

  /** Writes the loss of the logits; returns a function that writes its gradient and returns where that lies. */
  function loss(tape: Tape, logits: Tensor, smoothing = options.labelSmoothing ?? 0) {
    const emitter = tape.emitter(key)
    const targets = { classes, on: 1 - smoothing + smoothing / classes, off: smoothing / classes }
    const twice = options.loss === 'softmax-twice'
    const z = twice ? emitter.rows([classes]) : logits
    if (twice) emitter.emit('softmax', { x: logits, y: z }, { classes })
    emitter.emit('crossEntropy', { z, labels, p: probabilities, losses, hits }, targets)
    return () => {
      const dz = emitter.rows([classes])
      emitter.emit('crossEntropyGrad', { p: probabilities, labels, dz }, targets)
      if (twice) emitter.emit('softmaxGrad', { y: z, dy: dz }, { classes })
      return dz
    }
  }

  function lossAndGradients(tape: Tape, wantInput: boolean): Tensor | undefined {
    const { y, trail } = forward(tape, layout.parameters)
    const dz = loss(tape, y)()
    return writeBackward(resolved, trail, dz, tape.emitter(key), { wantInput }).get(resolved.input.name)
  }

  /** Writes the way forward as in `evaluate`, and from `dy` the way back to what every layer gave. */
  function explanation(tape: Tape, parameters: readonly Parameter[], dy: Tensor) {
    gather(tape)
    const { y, outputs, trail } = forward(tape, parameters)
    loss(tape, y, 0)
    const how = { wantInput: true, keeps: true }
    return { outputs, slopes: writeBackward(resolved, trail, dy, tape.emitter(key), how) }
  }

  const gather = (tape: Tape) =>
    tape.emitter(key).emit('gather', { x, labels }, { pixels: x.length, scale, shift })

  function gatherForTraining(tape: Tape) {
    const { augmentation } = options
    if (augmentation === undefined) return gather(tape)
    const { image, ...how } = augmentation
    const attributes = augmentationAttributes(how, image, key.child('augmentation'))
    tape.emitter(key).emit('gatherAugmented', { x, labels }, { ...attributes, scale, shift })
  }

  function update(tape: Tape, { emit }: Update) {
    const emitter = tape.emitter(key)
    const { parameters, gradients, average, rates } = layout
    if (options.clipNorm !== undefined) {
      emitter.emit('clip', { g: gradients }, { size: gradients.length, limit: options.clipNorm })
    }
    for (const w of parameters) {
      const matrix = matrixOf(w)
      if (w.role !== 'statistic') {
        const state = layout.state.map((region) => within(region, w))
        emit(emitter, { w, g: within(gradients, w), state, rates, matrix, shrinks: w.role === 'kernel' })
      }
      if (average) emitter.emit('average', { w, a: within(average, w), rates }, matrix)
    }
  }

  return { forward, loss, lossAndGradients, explanation, gather, gatherForTraining, update }
}

/** Draws every parameter anew; each one's numbers depend on the key and its name alone. */
export function initialize(compiled: Compiled, floats: Float32Array | Float64Array, from: Key): void {
  const { nodes } = resolve(compiled.spec)
  const specs = new Map(nodes.flatMap((node) => node.parameters.map((p) => [`${node.name}/${p.name}`, p])))
  compiled.parameters.forEach(({ name, offset, length }, i) => {
    const { initializer, fanIn, fanOut } = specs.get(name)!
    const values = draw(from.child(name), initializer, length, fanIn, fanOut)
    floats.set(values, offset)
    floats.set(values, compiled.kept[i].offset)
  })
}

/** Refuses images that a network was not made for. */
export function checkImages(spec: ModelSpec, image: Shape, classes: number): void {
  const { input, classes: outputs } = resolve(spec)
  if (volume(input.shape) !== volume(image)) {
    throw new ShapeError({
      at: `${spec.name}: ${input.name}`,
      expected: `images of shape ${spoken(input.shape)}`,
      received: spoken(image),
    })
  }
  if (outputs !== classes) {
    throw new ShapeError({
      at: `${spec.name}: output`,
      expected: `${classes} classes`,
      received: `${outputs}`,
    })
  }
}
