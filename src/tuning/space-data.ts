import { z } from 'zod'
import type { ConstraintData } from './constraints.ts'

/*
 * What a space looks like as data: spaces come from JSON, from modules that no compiler saw, and from journals that anybody
 * may have written.
 */

export const scalar = z.union([z.string(), z.number(), z.boolean()])

/** Some values, and bounds: what another parameter must be. */
export const someOf = z.strictObject({ oneOf: z.array(scalar) })
export const bounds = z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() })

const when = z.record(z.string(), z.union([someOf, bounds])).optional()
const ends = { low: z.number(), high: z.number(), log: z.boolean() }

/** A parameter's domain in full, as `defineSpace` makes it and a journal holds it. */
export const domainData = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('oneOf'), values: z.array(z.unknown()), when }),
  z.object({ kind: z.literal('integers'), ...ends, step: z.number(), when }),
  z.object({ kind: z.literal('range'), ...ends, step: z.number().optional(), when }),
])

const operand = z.union([z.string(), z.number(), z.strictObject({ value: scalar })])
const pair = z.tuple([operand, operand])

/** A constraint as data. It recurses: how deep one is, is looked at before. */
export const constraintData: z.ZodType<ConstraintData> = z.lazy(() =>
  z.union([
    z.strictObject({ less: pair }),
    z.strictObject({ lessOrEqual: pair }),
    z.strictObject({ equal: pair }),
    z.strictObject({ different: pair }),
    z.strictObject({ any: z.array(constraintData).min(1) }),
    z.strictObject({ all: z.array(constraintData).min(1) }),
  ]),
)
