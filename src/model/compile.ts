import { InputError, ShapeError } from '../base/errors.ts'
import { type Instruction, MOST_WORDS, type Plan, type Program } from '../engine/program.ts'
import { fuse } from './fuse.ts'
import { type Shape, spoken, type Tensor, volume } from './layer.ts'
import { type Layout, layOut, type Parameter, within } from './layout.ts'
import { type Memory, planMemory } from './memory.ts'
import type { CompileOptions } from './options.ts'
import { type Exchange, gradientOf, outputOf, type ProgramName, type Values, writers } from './programs.ts'
import { shareMemory } from './share-memory.ts'
import { type ModelSpec, type ResolvedModel, resolve } from './spec.ts'
import { newTape } from './tape.ts'

export type { LossName } from './losses.ts'
export type { AugmentationAttributes, CompileOptions, Update, UpdateRule } from './options.ts'

/** A network as programs over one memory. */
export interface Compiled extends Layout {
  readonly spec: ModelSpec
  /** With the shapes and parameters of all layers. */
  readonly resolved: ResolvedModel
  readonly plan: Plan
  readonly classes: number
  /** The weights that are evaluated and kept: the averages where there are any, else the parameters. */
  readonly kept: readonly Parameter[]
  /** What programs read and leave behind. */
  readonly tensors: Exchange
  /** What may be read after a program, by name: see `CompileOptions.read`. */
  readonly readable: Readonly<Partial<Record<ProgramName, Values>>>
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

/** Works out a network's memory and writes its programs. Throws when its shapes do not fit. */
export function compile(spec: ModelSpec, options: CompileOptions): Compiled {
  const resolved = resolve(withoutSoftmax(spec))
  const { batch } = options
  const memory = planMemory(batch)
  const layout = layOut(resolved, memory, {
    gradients: options.optimizer !== undefined || options.gradients === true,
    stateWords: options.optimizer?.update.stateWords ?? 0,
    averages: options.averages === true,
  })
  const exchange = placeExchange(resolved, memory, options.explains === true)
  const zeros = memory.place([options.explains ? longestStatistic(resolved) : 0], false)
  const { average } = layout
  const kept = layout.parameters.map((p) => (average ? within(average, p) : p))

  const base = memory.used
  let words = base
  const programs: Record<string, Program> = {}
  const readable: Partial<Record<ProgramName, Values>> = {}
  for (const [name, write] of Object.entries(writers(resolved, layout, kept, exchange, options))) {
    memory.rewind(base)
    const gradient = (parameter: Tensor) => within(layout.gradients, parameter)
    const rows = (shape: Shape) => memory.place(shape, true)
    const fixed = (shape: Shape) => memory.place(shape, false)
    const training = name === 'train' || name === 'backward'
    const tape = newTape({ training, rows, fixed, gradient, zeros: (shape) => beginning(zeros, shape) })
    const values = wanted(write(tape), options.read ?? [])
    const steps = name === 'explain' ? tape.instructions.filter(movesNoWeight) : tape.instructions
    const written = options.fuses === false ? steps : fuse(steps, [...values.values()])
    const shared = shareMemory(written, { base, batch, kept: [...values.values()] })
    programs[name] = shared.program
    readable[name as ProgramName] = new Map(Array.from(values, ([of, tensor]) => [of, shared.move(tensor)]))
    words = Math.max(words, shared.words)
  }
  checkRead(resolved, readable, options.read ?? [])
  checkWords(words, batch, options.memory)
  const { classes } = resolved
  const plan = { words, batch, programs }
  return { ...layout, spec, resolved, classes, kept, plan, tensors: exchange, readable }
}

function placeExchange({ input, classes }: ResolvedModel, memory: Memory, explains: boolean): Exchange {
  return {
    x: memory.place(input.shape, true),
    labels: memory.place([1], true),
    probabilities: memory.place([classes], true),
    losses: memory.place([1], true),
    hits: memory.place([1], true),
    seed: memory.place([explains ? classes : 0], true),
  }
}

/** Where nothing is to learn, the gradients of kernels need not be. */
const movesNoWeight = ({ operands }: Instruction) => !('dw' in operands)

/** Those values of a program that somebody will read. */
const wanted = (values: Values, read: readonly string[]): Values =>
  new Map(Array.from(values).filter(([name]) => read.includes(name)))

function checkRead({ nodes }: ResolvedModel, readable: Compiled['readable'], read: readonly string[]): void {
  const known = new Set(Object.values(readable).flatMap((values) => [...values.keys()]))
  const unknown = read.find((name) => !known.has(name))
  if (unknown === undefined) return
  const outputs = nodes.map(({ name }) => outputOf(name))
  const parameters = nodes.flatMap((node) => node.parameters.map(({ name }) => `${node.name}/${name}`))
  throw new InputError({
    at: 'read',
    expected: `a tensor of the network: ${[...outputs, ...parameters].join(', ')}`,
    received: `"${unknown}"`,
    hint: `"${gradientOf(outputs[0])}" asks for a gradient, which a network has that is opened for \`backward\`, \`explain\` or training.`,
  })
}

function checkWords(words: number, batch: number, memory = 4 * MOST_WORDS): void {
  const most = Math.min(MOST_WORDS, Math.floor(memory / 4))
  if (words <= most) return
  throw new ShapeError({
    at: 'network',
    expected: `at most ${most} numbers (${Math.round(most / 2 ** 18)} MiB) in memory at once`,
    received: `${words} with ${batch} images a batch`,
    hint: 'A smaller batch needs less, and so do fewer or narrower layers.',
  })
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

/** Refuses images that a network was not made for. */
export function checkImages(spec: ModelSpec, image: Shape, classes: number): void {
  const { input, classes: outputs } = resolve(spec)
  // A row of values takes an image of any shape; what has rows, columns and channels takes one that has the same.
  const fits =
    input.shape.length === 1 ? volume(input.shape) === volume(image) : `${input.shape}` === `${image}`
  if (!fits) {
    throw new ShapeError({
      at: `${spec.name}: ${input.name}`,
      expected: `images of shape ${spoken(input.shape)}`,
      received: spoken(image),
      ...(volume(input.shape) === volume(image) && { hint: 'Shapes are [height, width, channels].' }),
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
