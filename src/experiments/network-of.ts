import { z } from 'zod'
import type { Shape } from '../model/layer.ts'
import { network } from '../model/named.ts'
import { type ModelSpec, modelSpec } from '../model/spec.ts'
import { checkParameters, readyNetworks } from '../search/networks.ts'
import type { Point } from '../tuning/constraints.ts'
import type { Domain } from '../tuning/domain.ts'

/**
 * A network as a plan names it: the name of one; a point of a space that ships, which fits images of any size; or the
 * layers one by one, as a run's manifest holds them.
 */
export const plannedNetwork = z.union([
  z.string(),
  z.strictObject({
    space: z.enum(['mlp', 'cnn']),
    point: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  modelSpec,
])
export type PlannedNetwork = z.infer<typeof plannedNetwork>

interface Sizes {
  readonly imageShape: Shape
  readonly classes: number
  readonly dropout?: number
}

/** The network that a plan means, for images of these sizes; throws an InputError where there is none. */
export function networkOf(planned: PlannedNetwork, { imageShape, classes, dropout = 0 }: Sizes): ModelSpec {
  if (typeof planned === 'string') return network(planned, { imageShape, classes, dropout })
  if (!('space' in planned)) return planned
  checkParameters({ name: planned.space, parameters: fixed(planned.point), constraints: [] }, planned.space)
  return readyNetworks[planned.space].build(planned.point, { imageShape, classes }).model
}

/** A space that holds one point. */
const fixed = (point: Point): Record<string, Domain> =>
  Object.fromEntries(
    Object.entries(point).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { kind: 'oneOf', values: [value] }]],
    ),
  )
