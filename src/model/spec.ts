import { z } from 'zod'
import { InputError, ShapeError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import type { LayerKind, ParameterSpec, Shape } from './layer.ts'
import { type LayerKindName, layerKinds } from './layers/index.ts'

const kindName = z.enum(Object.keys(layerKinds) as [LayerKindName, ...LayerKindName[]])

const node = z.strictObject({
  name: z.string().min(1),
  kind: kindName,
  inputs: z.array(z.string()),
  options: z.record(z.string(), z.unknown()),
})

/** A network as plain data: what a record holds and what `--model FILE` reads. Nodes stand after their inputs. */
export const modelSpec = z.strictObject({
  name: z.string().min(1),
  nodes: z.array(node).min(2),
  output: z.string(),
})
/** A network as plain data. */
export type ModelSpec = z.infer<typeof modelSpec>
export type LayerNode = z.infer<typeof node>

/** A node with what follows from its place in the graph. */
export interface ResolvedNode {
  readonly name: string
  readonly kind: LayerKind<unknown>
  readonly options: unknown
  readonly inputs: readonly string[]
  readonly shape: Shape
  readonly parameters: readonly ParameterSpec[]
}

/** Parses one layer's options, with its defaults; throws an InputError that names the layer. */
export function parseOptions(kind: LayerKindName, options: unknown, at: string): unknown {
  return parse<unknown>(layerKinds[kind].options, options, at)
}

function resolveNode(node: LayerNode, known: ReadonlyMap<string, ResolvedNode>): ResolvedNode {
  const kind = layerKinds[node.kind] as LayerKind<unknown>
  const at = `${node.name} (${node.kind})`
  if (known.has(node.name))
    throw new InputError({ at, expected: 'a name of its own', received: 'a name used twice' })
  if (node.inputs.length !== kind.arity) {
    throw new ShapeError({
      at,
      expected: kind.arity === 1 ? '1 input' : `${kind.arity} inputs`,
      received: `${node.inputs.length}`,
    })
  }
  const shapes = node.inputs.map((input) => {
    const source = known.get(input)
    if (source === undefined) {
      throw new InputError({
        at,
        expected: 'inputs that stand before it',
        received: `"${input}"`,
        hint: 'Is the name right? A network has no circles: every layer stands after its inputs.',
      })
    }
    return source.shape
  })
  const options = parseOptions(node.kind, node.options, at)
  const shape = kind.outShape(options, shapes, at)
  return {
    name: node.name,
    kind,
    options,
    inputs: node.inputs,
    shape,
    parameters: kind.parameters(options, shapes),
  }
}

/** A network whose shapes fit: its nodes in order, its input and its output. */
export interface ResolvedModel {
  readonly spec: ModelSpec
  readonly nodes: readonly ResolvedNode[]
  readonly input: ResolvedNode
  readonly output: ResolvedNode
  /** The number of values of the output. */
  readonly classes: number
}

/** Checks a network and works out its shapes. Throws InputError or ShapeError, naming the layer. */
export function resolve(spec: ModelSpec): ResolvedModel {
  const known = new Map<string, ResolvedNode>()
  for (const node of spec.nodes) known.set(node.name, resolveNode(node, known))
  const nodes = [...known.values()]
  const inputs = nodes.filter((node) => node.kind.kind === 'input')
  if (inputs.length !== 1) {
    throw new InputError({
      at: `model ${spec.name}`,
      expected: 'one input layer',
      received: `${inputs.length}`,
    })
  }
  const output = known.get(spec.output)
  if (output === undefined) {
    throw new InputError({
      at: `model ${spec.name}`,
      expected: 'an output that is a layer',
      received: spec.output,
    })
  }
  if (output.shape.length !== 1) {
    throw new ShapeError({
      at: output.name,
      expected: 'an output of shape [classes]',
      received: `[${output.shape}]`,
      hint: 'End with flatten() and dense().',
    })
  }
  checkUse(spec)
  return { spec, nodes, input: inputs[0], output, classes: output.shape[0] }
}

/** Refuses a layer that leads nowhere: it would be computed, take memory, and change nothing. */
function checkUse({ nodes, output }: ModelSpec): void {
  const used = new Set([output, ...nodes.flatMap((node) => node.inputs)])
  const idle = nodes.find(({ name }) => !used.has(name))
  if (idle === undefined) return
  throw new InputError({
    at: `${idle.name} (${idle.kind})`,
    expected: `a layer that leads to the output, ${output}`,
    received: 'one whose output is unused',
    hint: 'Name it among the inputs of another layer, or leave it out.',
  })
}

/** Layers that pass values on as they are, or their sum. */
const passesOn: ReadonlySet<string> = new Set(['activation', 'add', 'dropout', 'flatten'])

/** The activation that the output's values went through last; undefined where it is linear. */
function lastActivation({ nodes, output }: ResolvedModel): string | undefined {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const names = new Set([output.name]) // grows while it is gone through
  for (const name of names) {
    const { kind, options, inputs } = byName.get(name)!
    const { activation = 'linear' } = options as { readonly activation?: string }
    if (activation !== 'linear') return activation
    if (passesOn.has(kind.kind)) for (const input of inputs) names.add(input)
  }
  return undefined
}

/**
 * Refuses an output that is squashed already: the loss and the prediction apply softmax to what a network gives, unless its
 * output layer is a softmax, which is that one. Records of older versions may hold such networks: they can be read.
 */
export function checkOutput(resolved: ResolvedModel): void {
  const { spec, output } = resolved
  const { activation } = output.options as { readonly activation?: string }
  const found = activation === 'softmax' ? undefined : lastActivation(resolved)
  if (found === undefined) return
  throw new InputError({
    at: `model ${spec.name}: ${output.name} (${output.kind.kind})`,
    expected: 'an output that is linear or softmax: classes are told apart by a softmax, which comes last',
    received: `one through ${found}`,
    hint: "End with dense({ units: classes, activation: 'softmax' }). To train on a doubled softmax, choose the loss softmax-twice.",
  })
}

/** Reads a network from parsed JSON. */
export function parseModel(json: unknown, at: string): ModelSpec {
  const spec = parse(modelSpec, json, at, 'The manifest of any run holds a network of this form.')
  checkOutput(resolve(spec))
  return spec
}
