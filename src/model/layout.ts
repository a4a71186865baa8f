import { ShapeError } from '../base/errors.ts'
import { RATES } from '../engine/operations.ts'
import type { Place } from '../engine/program.ts'
import type { ParameterRole, Tensor } from './layer.ts'
import type { Memory } from './memory.ts'
import type { ResolvedModel } from './spec.ts'

/** One named parameter of a network and where it lies. */
export interface Parameter extends Tensor {
  /** `layer/name`: `hidden_layer_1/kernel`. */
  readonly name: string
  readonly role: ParameterRole
}

/** Where everything lies that outlives a run. Kernels lie together, then biases, then statistics. */
export interface Layout {
  /** In the model's order. */
  readonly parameters: readonly Parameter[]
  /** Kernels and biases: all that an optimizer moves. */
  readonly weights: Place
  /** As long as `weights`. */
  readonly gradients: Place
  /** The optimizer's regions, each as long as `weights`. */
  readonly state: readonly Place[]
  /** The moving averages of all parameters, where there are any: statistics belong to the weights that they were seen with. */
  readonly average: Place | undefined
  readonly rates: Place
}

export interface LayoutOptions {
  readonly gradients: boolean
  readonly stateWords: number
  readonly averages: boolean
}

/** Places a network's parameters and what training keeps for them. */
export function layOut({ spec, nodes }: ResolvedModel, memory: Memory, options: LayoutOptions): Layout {
  const all = nodes.flatMap((node) => node.parameters.map((p) => ({ ...p, name: `${node.name}/${p.name}` })))
  const placed = new Map<string, Parameter>()
  const placeAll = (role: ParameterRole): Place => {
    const offset = memory.used
    for (const { name, shape } of all.filter((p) => p.role === role)) {
      placed.set(name, { ...memory.place(shape, false), name, role })
    }
    return { offset, length: memory.used - offset, batched: false }
  }
  const kernels = placeAll('kernel')
  const biases = placeAll('bias')
  const statistics = placeAll('statistic')
  const weights = { offset: 0, length: kernels.length + biases.length, batched: false }
  if (weights.length === 0)
    throw new ShapeError({ at: spec.name, expected: 'a layer with weights', received: 'none' })
  const region = (): Place => memory.place([weights.length], false)
  return {
    parameters: all.map(({ name }) => placed.get(name)!),
    weights,
    gradients: options.gradients ? region() : { offset: 0, length: 0, batched: false },
    state: Array.from({ length: options.stateWords }, region),
    average: options.averages ? memory.place([weights.length + statistics.length], false) : undefined,
    rates: memory.place([RATES.words], false),
  }
}

/** The same part of another region that begins as the parameters do. */
export const within = <P extends Place>(region: Place, part: P): P => ({
  ...part,
  offset: region.offset + part.offset,
})
