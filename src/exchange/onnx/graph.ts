import type { Shape } from '../../model/layer.ts'
import { ATTRIBUTE, type AttributeProto, DATA, type NodeProto, type TensorProto } from './schema.ts'

/** An attribute's value; a float is told from a whole number by `{ float }`. */
export type AttributeValue = number | readonly number[] | { readonly float: number }

/** A graph while it is written down, node by node; every node has one output. */
export interface GraphWriter {
  readonly nodes: readonly NodeProto[]
  readonly initializers: readonly TensorProto[]
  /** Adds a node and returns its output's name, which is the node's own. */
  node(
    opType: string,
    input: readonly string[],
    name: string,
    attributes?: Readonly<Record<string, AttributeValue>>,
  ): string
  /** Adds a constant tensor and returns its name. */
  constant(name: string, dims: Shape, values: Float32Array): string
  /** Adds a constant list of sizes, int64, and returns its name. */
  sizes(name: string, sizes: readonly number[]): string
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value }
  if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float }
  return { name, type: ATTRIBUTE.ints, ints: value }
}

/** An empty graph. */
export function newGraph(): GraphWriter {
  const nodes: NodeProto[] = []
  const initializers: TensorProto[] = []
  return {
    nodes,
    initializers,
    node(opType, input, name, attributes = {}) {
      const listed = Object.entries(attributes).map(([key, value]) => attribute(key, value))
      nodes.push({ name, opType, input, output: [name], attribute: listed })
      return name
    },
    constant(name, dims, { buffer, byteOffset, byteLength }) {
      const rawData = new Uint8Array(buffer, byteOffset, byteLength)
      initializers.push({ name, dims, dataType: DATA.float32, rawData })
      return name
    },
    sizes(name, sizes) {
      const rawData = new Uint8Array(BigInt64Array.from(sizes, BigInt).buffer)
      initializers.push({ name, dims: [sizes.length], dataType: DATA.int64, rawData })
      return name
    },
  }
}

/**
 * ONNX wants the channels, our last axis, right after the batch. The axes of a tensor of the given shape (of one example)
 * in ONNX's order, and back; undefined where there is nothing to move.
 */
export function channelsFirst({ length }: Shape): readonly number[] | undefined {
  return length < 2 ? undefined : [0, length, ...Array.from({ length: length - 1 }, (_, i) => i + 1)]
}
export function channelsLast({ length }: Shape): readonly number[] | undefined {
  return length < 2 ? undefined : [0, ...Array.from({ length: length - 1 }, (_, i) => i + 2), 1]
}
