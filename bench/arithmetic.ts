import type { Attributes } from '../src/engine/operation.ts'
import { volume } from '../src/model/layer.ts'
import { type ModelSpec, type ResolvedNode, resolve } from '../src/model/spec.ts'

/** Operations of one example's way forward through a layer: each weight of its kernel meets every output pixel once. */
function forward({ parameters, shape }: ResolvedNode): number {
  const kernel = parameters.find(({ name }) => name === 'kernel')
  return kernel === undefined ? 0 : 2 * volume(kernel.shape) * volume(shape.slice(0, -1))
}

/** Operations of one example: a multiply-add counts as two, a `same` convolution's padding is counted in. */
export interface Arithmetic {
  readonly forward: number
  /** Forward, gradients of the weights, and gradients of the inputs of all layers but the first. */
  readonly training: number
}

export function arithmeticOf(spec: ModelSpec): Arithmetic {
  const layers = resolve(spec).nodes.map(forward).filter(Boolean)
  const sum = layers.reduce((a, b) => a + b, 0)
  return { forward: sum, training: 3 * sum - layers[0] }
}

/** Operations of one example in an instruction, told by its attributes; 0 for what hardly multiplies. */
export function operationsOf(a: Attributes): number {
  if ('filters' in a)
    return 2 * a.kernelHeight * a.kernelWidth * a.channels * a.filters * a.outHeight * a.outWidth
  return 'inputs' in a && 'outputs' in a ? 2 * a.inputs * a.outputs : 0
}
