import type { z } from 'zod'
import { InputError, ShapeError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import type { LayerKind, Shape } from './layer.ts'
import { type LayerKindName, layerKinds } from './layers/index.ts'
import { checkOutput, type LayerNode, type ModelSpec, parseOptions, resolve } from './spec.ts'

/** A layer applied to others: a node of the graph that `model` will name and write down. */
export interface GraphNode {
  readonly kind: LayerKindName
  readonly name: string | undefined
  readonly options: Readonly<Record<string, unknown>>
  readonly inputs: readonly GraphNode[]
  readonly shape: Shape
}

/** A layer waiting for its input. */
export type Layer = (...inputs: readonly GraphNode[]) => GraphNode

type Options<K extends LayerKindName> = z.input<(typeof layerKinds)[K]['options']> & {
  readonly name?: string
}

/** `dense(10)` for `dense({ units: 10 })`. */
function optionsOf(kind: LayerKindName, given: { readonly name?: string }) {
  if (isObject(given)) return given
  throw new InputError({
    at: kind,
    expected: "options by their names, as in dense({ units: 10, activation: 'relu' })",
    received: Array.isArray(given) ? 'a list' : `${given}`,
  })
}

const isNode = (value: unknown) => isObject(value) && 'shape' in value

function checkInputs(kind: LayerKindName, inputs: readonly unknown[], at: string): void {
  const { arity } = layerKinds[kind]
  if (inputs.length === arity && inputs.every(isNode)) return
  const received = Array.isArray(inputs[0])
    ? 'a list'
    : inputs.every(isNode)
      ? `${inputs.length}`
      : `${inputs.find((each) => !isNode(each))}`
  throw new ShapeError({
    at,
    expected: arity === 1 ? '1 tensor' : `${arity} tensors`,
    received,
    hint: arity === 2 ? 'As in add()(x, y).' : 'A layer is called with a tensor: dense({ units: 10 })(x).',
  })
}

function apply(
  kind: LayerKindName,
  given: { readonly name?: string },
  inputs: readonly GraphNode[],
): GraphNode {
  const { name, ...rest } = optionsOf(kind, given)
  const at = name === undefined ? kind : `${name} (${kind})`
  checkInputs(kind, inputs, at)
  const options = parseOptions(kind, rest, at) as Record<string, unknown>
  const layer = layerKinds[kind] as LayerKind<unknown>
  const shape = layer.outShape(
    options,
    inputs.map((node) => node.shape),
    at,
  )
  return { kind, name, options, inputs, shape }
}

/** Where images come in: `input([28, 28, 1])` or `input([784])`. */
export const input = (shape: Shape, name?: string): GraphNode =>
  apply('input', name === undefined ? ({ shape } as object) : ({ shape, name } as object), [])

const layer =
  <K extends LayerKindName>(kind: K) =>
  (options: Options<K>): Layer =>
  (...inputs) =>
    apply(kind, options as { readonly name?: string }, inputs)

/** `dense({ units: 128, activation: 'relu' })(x)`: fully connected. */
export const dense = layer('dense')
/** `conv2d({ filters: 32, kernel: 3, activation: 'relu' })(x)`: convolution, `same` padding unless told otherwise. */
export const conv2d = layer('conv2d')
/** `maxPool2d({ pool: 2 })(x)`: the largest value of each window. */
export const maxPool2d = layer('maxPool2d')
/** `dropout({ rate: 0.2 })(x)`: drops values while training. */
export const dropout = layer('dropout')
/** `activation({ activation: 'tanh' })(x)`: an elementwise function or softmax. */
export const activation = layer('activation')
/** `averagePool2d({ pool: 2 })(x)`: the mean of each window. */
export const averagePool2d = layer('averagePool2d')
/** `batchNorm({})(x)`: normalizes each channel. */
export const batchNorm = layer('batchNorm')
/** `globalAveragePool2d()(x)`: the mean of each channel. */
export const globalAveragePool2d = (options: { readonly name?: string } = {}): Layer =>
  layer('globalAveragePool2d')(options as Options<'globalAveragePool2d'>)
/** `add()(a, b)`: the sum of two tensors of one shape. */
export const add = (options: { readonly name?: string } = {}): Layer =>
  layer('add')(options as Options<'add'>)
/** `flatten()(x)`: the same values in one row. */
export const flatten = (options: { readonly name?: string } = {}): Layer =>
  layer('flatten')(options as Options<'flatten'>)

/** The nodes that lead to `output`, each after its inputs. Networks may be deeper than calls may go. */
function inOrder(output: GraphNode): GraphNode[] {
  const seen = new Set<GraphNode>()
  const open = [{ node: output, next: 0 }]
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    const input = last.node.inputs[last.next++]
    if (input === undefined) {
      seen.add(last.node)
      open.pop()
    } else if (!seen.has(input)) open.push({ node: input, next: 0 })
  }
  return [...seen]
}

/** Names for the unnamed: `dense_1`, `dense_2`… */
function nameAll(nodes: readonly GraphNode[]): Map<GraphNode, string> {
  const taken = new Set(nodes.flatMap((node) => node.name ?? []))
  const names = new Map<GraphNode, string>()
  const counts = new Map<string, number>()
  for (const node of nodes) {
    let number = counts.get(node.kind) ?? 1
    while (node.name === undefined && taken.has(`${node.kind}_${number}`)) number += 1
    if (node.name === undefined) counts.set(node.kind, number + 1)
    const name = node.name ?? `${node.kind}_${number}`
    taken.add(name)
    names.set(node, name)
  }
  return names
}

/** A network from its ends: the plain data that a record holds. Throws when the shapes or names do not fit. */
export function model(ends: {
  readonly inputs: GraphNode
  readonly outputs: GraphNode
  readonly name?: string
}): ModelSpec {
  const given: Readonly<Record<string, unknown>> = { inputs: ends.inputs, outputs: ends.outputs }
  for (const [at, end] of Object.entries(given)) {
    if (isNode(end)) continue
    const received = Array.isArray(end) ? `${end.length} in a list` : `${end}`
    throw new InputError({
      at: `model: ${at}`,
      expected: 'one tensor: a network has one input and one output',
      received,
    })
  }
  const nodes = inOrder(ends.outputs)
  if (!nodes.includes(ends.inputs)) {
    throw new InputError({
      at: 'model',
      expected: 'outputs that follow from inputs',
      received: 'two separate graphs',
    })
  }
  const names = nameAll(nodes)
  const spec: ModelSpec = {
    name: ends.name ?? 'model',
    output: names.get(ends.outputs)!,
    nodes: nodes.map(
      (node): LayerNode => ({
        name: names.get(node)!,
        kind: node.kind,
        inputs: node.inputs.map((input) => names.get(input)!),
        options: { ...node.options },
      }),
    ),
  }
  checkOutput(resolve(spec))
  return spec
}
