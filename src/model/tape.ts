import type { Key } from '../base/random.ts'
import { type Instruction, instruction } from '../engine/program.ts'
import type { Emitter, Pullback, Tensor } from './layer.ts'
import type { ResolvedModel, ResolvedNode } from './spec.ts'

/** A program while it is written: instructions so far, and where its scratch comes from. */
export interface Tape {
  readonly instructions: Instruction[]
  /** What layers write with; each draws with a key of its own. */
  emitter(key: Key): Emitter
}

export interface TapeOptions {
  readonly training: boolean
  readonly rows: Emitter['rows']
  readonly fixed: Emitter['fixed']
  readonly gradient: Emitter['gradient']
  readonly zeros: Emitter['zeros']
}

/** An empty tape. */
export function newTape({ training, ...places }: TapeOptions): Tape {
  const instructions: Instruction[] = []
  const emit: Emitter['emit'] = (operation, operands, attributes) => {
    instructions.push(instruction(operation, operands, attributes))
  }
  return { instructions, emitter: (key) => ({ training, ...places, emit, key }) }
}

/** The way back that each layer left behind, in forward order. */
export type Trail = readonly { readonly node: ResolvedNode; readonly pullback: Pullback }[]

/** Writes the way forward from `x`; returns the output, what each layer gives by its name, and the trail back. */
export function writeForward(
  { nodes, input, output }: ResolvedModel,
  x: Tensor,
  parametersOf: (node: ResolvedNode) => Readonly<Record<string, Tensor>>,
  emitterOf: (node: ResolvedNode) => Emitter,
): { readonly y: Tensor; readonly outputs: ReadonlyMap<string, Tensor>; readonly trail: Trail } {
  const values = new Map<string, Tensor>([[input.name, x]])
  const trail = nodes.flatMap((node) => {
    if (node === input) return []
    const inputs = node.inputs.map((name) => values.get(name)!)
    const { y, pullback } = node.kind.forward(emitterOf(node), node.options, inputs, parametersOf(node))
    values.set(node.name, y)
    return [{ node, pullback }]
  })
  return { y: values.get(output.name)!, outputs: values, trail }
}

export interface BackwardOptions {
  /** Goes as far as the input, even where nothing learns. */
  readonly wantInput: boolean
  /** Whether the gradient of what a layer gave is set aside before the layer's own way back overwrites it. */
  readonly keeps: (name: string) => boolean
}

/** Writes the way back from the gradient of the output; returns that of each layer's output by its name, as far as it is kept. */
export function writeBackward(
  { nodes, output }: ResolvedModel,
  trail: Trail,
  dy: Tensor,
  emitter: Emitter,
  { wantInput, keeps }: BackwardOptions,
): ReadonlyMap<string, Tensor> {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  /** Whether a gradient must reach this node: something at or before it learns. */
  const learns = (name: string): boolean => {
    const node = byName.get(name)!
    return node.parameters.length > 0 || node.inputs.some(learns)
  }
  const slopes = new Map<string, Tensor>([[output.name, dy]])
  for (const { node, pullback } of trail.toReversed()) {
    const own = slopes.get(node.name)
    if (own === undefined) continue
    if (keeps(node.name)) slopes.set(node.name, copyOf(own, emitter))
    const wanted = node.inputs.map((name) => wantInput || learns(name))
    pullback(own, wanted).forEach((dx, i) => {
      if (dx === undefined || !wanted[i]) return
      const known = slopes.get(node.inputs[i])
      if (known === undefined) slopes.set(node.inputs[i], dx)
      else emitter.emit('accumulate', { x: dx, y: known }, { size: dx.length })
    })
  }
  return slopes
}

function copyOf(x: Tensor, emitter: Emitter): Tensor {
  const y = emitter.rows(x.shape)
  emitter.emit('copy', { x, y }, { size: x.length })
  return y
}
