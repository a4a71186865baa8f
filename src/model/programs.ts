import type { Tensor } from './layer.ts'
import { type Layout, type Parameter, within } from './layout.ts'
import { losses } from './losses.ts'
import type { AugmentationAttributes, CompileOptions, UpdateRule } from './options.ts'
import type { ResolvedModel, ResolvedNode } from './spec.ts'
import { type Tape, writeBackward, writeForward } from './tape.ts'

/** `evaluate`: also where there are no labels. `backward`: as in training, and moves nothing. `explain`: see `Network`. */
export type ProgramName = 'evaluate' | 'train' | 'backward' | 'explain'

/** The tensors by which the host and the programs of a network meet. */
export interface Exchange {
  readonly x: Tensor
  readonly labels: Tensor
  readonly probabilities: Tensor
  readonly losses: Tensor
  readonly hits: Tensor
  /** Of shape [classes], in front of `explain`: the sum of the logits, each times its word here, is explained. */
  readonly seed: Tensor
}

/** Tensors by name. */
export type Values = ReadonlyMap<string, Tensor>

/** The name of what a layer gives; a softmax at the network's end is applied behind it. */
export const outputOf = (layer: string) => `${layer}/output`
/** The name of the gradient by a tensor of this name: of the loss, or in `explain` of what is explained. */
export const gradientOf = (tensor: string) => `gradient of ${tensor}`

/** Writes one program; returns what somebody might read afterwards. */
type Writer = (tape: Tape) => Values

/** The parameters and their gradients, as far as there are any. */
function parameterValues({ parameters, gradients }: Layout): { weights: Values; gradients: Values } {
  const learned = parameters.filter(({ role }) => role !== 'statistic')
  return {
    weights: new Map(parameters.map((p) => [p.name, p])),
    gradients: new Map(learned.map((p) => [gradientOf(p.name), within(gradients, p)])),
  }
}

/** Takes the batch's images, varied where there is an augmentation, and their labels. */
function gather(
  tape: Tape,
  { x, labels }: Exchange,
  { key, scale, shift }: CompileOptions,
  augmentation?: AugmentationAttributes,
): void {
  const emitter = tape.emitter(key)
  if (augmentation === undefined) {
    emitter.emit('gather', { x, labels }, { pixels: x.length, scale, shift })
  } else emitter.emit('gatherAugmented', { x, labels }, { ...augmentation, scale, shift })
}

/** The programs that a network's options ask for. */
export function writers(
  resolved: ResolvedModel,
  layout: Layout,
  kept: readonly Parameter[],
  exchange: Exchange,
  options: CompileOptions,
): Partial<Record<ProgramName, Writer>> {
  const { classes } = resolved
  const { key, optimizer, read = [] } = options
  const { weights, gradients } = parameterValues(layout)

  function forward(tape: Tape, parameters: readonly Parameter[]) {
    const byName = new Map(parameters.map((p) => [p.name, p]))
    const parametersOf = (node: ResolvedNode) =>
      Object.fromEntries(node.parameters.map(({ name }) => [name, byName.get(`${node.name}/${name}`)!]))
    const way = writeForward(resolved, exchange.x, parametersOf, (node) => tape.emitter(key.child(node.name)))
    return { ...way, outputs: new Map(Array.from(way.outputs, ([name, y]) => [outputOf(name), y])) }
  }

  /** Writes the way back from the gradient of the output; returns the gradients by what the layers gave. */
  function backward(
    tape: Tape,
    { trail }: ReturnType<typeof forward>,
    dy: Tensor,
    wantInput: boolean,
  ): Values {
    const keeps = (name: string) => read.includes(gradientOf(outputOf(name)))
    const slopes = writeBackward(resolved, trail, dy, tape.emitter(key), { wantInput, keeps })
    return new Map(Array.from(slopes, ([name, dx]) => [gradientOf(outputOf(name)), dx]))
  }

  /** Writes the loss of the logits; returns a function that writes its gradient and returns where that lies. */
  function loss(tape: Tape, logits: Tensor, smoothing = 0) {
    const targets = { classes, on: 1 - smoothing + smoothing / classes, off: smoothing / classes }
    return losses[options.loss].write(tape.emitter(key), { ...exchange, logits }, targets)
  }

  function trainForwardAndBack(tape: Tape): Values {
    const way = forward(tape, layout.parameters)
    const dz = loss(tape, way.y, options.labelSmoothing)()
    const input = gradientOf(outputOf(resolved.input.name))
    const slopes = backward(tape, way, dz, read.includes(input))
    return new Map([...weights, ...gradients, ...way.outputs, ...slopes])
  }

  const evaluate: Writer = (tape) => {
    gather(tape, exchange, options)
    const way = forward(tape, kept)
    loss(tape, way.y)
    return new Map([...weights, ...way.outputs])
  }

  const backwardOnly: Writer = (tape) => {
    gather(tape, exchange, options)
    return trainForwardAndBack(tape)
  }

  const train =
    (rule: UpdateRule): Writer =>
    (tape) => {
      gather(tape, exchange, options, options.augmentation)
      const values = trainForwardAndBack(tape)
      writeUpdate(tape, layout, options, rule)
      return values
    }

  const explain: Writer = (tape) => {
    gather(tape, exchange, options)
    const way = forward(tape, kept)
    loss(tape, way.y)
    const slopes = backward(tape, way, exchange.seed, true)
    return new Map([...weights, ...way.outputs, ...slopes])
  }

  return {
    evaluate,
    ...(optimizer && { train: train(optimizer) }),
    ...(options.gradients && { backward: backwardOnly }),
    ...(options.explains && { explain }),
  }
}

/** A dense layer's kernel as the matrix that it is; any other parameter as a single row. */
const matrixOf = ({ shape, length }: Tensor) =>
  shape.length === 2 ? { rows: shape[0], columns: shape[1] } : { rows: 1, columns: length }

/** Writes a step of the optimizer, between the gradient's clipping and the averaging of what it moved. */
function writeUpdate(
  tape: Tape,
  layout: Layout,
  { clipNorm, key }: CompileOptions,
  { update }: UpdateRule,
): void {
  const emitter = tape.emitter(key)
  const { parameters, gradients, average, rates } = layout
  if (clipNorm !== undefined) {
    emitter.emit('clip', { g: gradients }, { size: gradients.length, limit: clipNorm })
  }
  for (const w of parameters) {
    const matrix = matrixOf(w)
    if (w.role !== 'statistic') {
      const state = layout.state.map((region) => within(region, w))
      const g = within(gradients, w)
      update.emit(emitter, { w, g, state, rates, matrix, shrinks: w.role === 'kernel' })
    }
    if (average) emitter.emit('average', { w, a: within(average, w), rates }, matrix)
  }
}
