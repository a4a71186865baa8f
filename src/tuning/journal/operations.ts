import { z } from 'zod'

/**
 * The operations of Optuna's journal storage (optuna/storages/journal/_storage.py), one JSON object a line. Each is
 * written with its code, the worker that wrote it, and these fields.
 */
export const OP = {
  createStudy: 0,
  deleteStudy: 1,
  setStudyUserAttr: 2,
  setStudySystemAttr: 3,
  createTrial: 4,
  setTrialParam: 5,
  setTrialStateValues: 6,
  setTrialIntermediateValue: 7,
  setTrialUserAttr: 8,
  setTrialSystemAttr: 9,
} as const

export const DIRECTION = { minimize: 1, maximize: 2 } as const
/** Whether a search looks for the least value or the greatest. */
export type Direction = keyof typeof DIRECTION

export const STATE = { running: 0, complete: 1, pruned: 2, failed: 3, waiting: 4 } as const
export type State = keyof typeof STATE
const stateNames = Object.fromEntries(Object.entries(STATE).map(([name, code]) => [code, name])) as Record<
  number,
  State
>
export const stateOf = (code: number): State | undefined => stateNames[code]
export const isFinished = (state: State) => state === 'complete' || state === 'pruned' || state === 'failed'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
/** Attributes by name. Viewers call `toString` on the values, so none is null. */
export type Attributes = Readonly<Record<string, Json>>

const number = z.number()
const place = z.number().int().nonnegative()
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), { error: 'a time' })
const attributes = z.record(z.string(), z.custom<Json>())
const study = { study_id: place }
const trial = { trial_id: place }

/** An operation as it is read: whatever else its line holds, such as the worker that wrote it, does not matter. */
export const operation = z.discriminatedUnion('op_code', [
  z.object({ op_code: z.literal(0), study_name: z.string(), directions: z.array(number).readonly() }),
  z.object({ op_code: z.literal(1), ...study }),
  z.object({ op_code: z.literal(2), ...study, user_attr: attributes }),
  z.object({ op_code: z.literal(3), ...study, system_attr: attributes }),
  z.object({
    op_code: z.literal(4),
    ...study,
    datetime_start: time.nullish(),
    datetime_complete: time.nullish(),
    state: number.optional(),
    params: z.record(z.string(), number).optional(),
    distributions: z.record(z.string(), z.string()).optional(),
    user_attrs: attributes.optional(),
    system_attrs: attributes.optional(),
    intermediate_values: z.record(z.string(), number.nullable()).optional(),
    value: number.nullish(),
    values: z.array(number).readonly().nullish(),
  }),
  z.object({
    op_code: z.literal(5),
    ...trial,
    param_name: z.string(),
    param_value_internal: number,
    distribution: z.string(),
  }),
  z.object({
    op_code: z.literal(6),
    ...trial,
    state: number,
    values: z.array(number).readonly().nullish(),
    datetime_start: time.nullish(),
    datetime_complete: time.nullish(),
  }),
  z.object({ op_code: z.literal(7), ...trial, step: number, intermediate_value: number.nullable() }),
  z.object({ op_code: z.literal(8), ...trial, user_attr: attributes }),
  z.object({ op_code: z.literal(9), ...trial, system_attr: attributes }),
])

/** An operation without the worker that writes it. */
export type Operation = z.infer<typeof operation>

/** A time as Optuna writes it since its version 5: in UTC, to the microsecond, with the offset. */
export const datetime = (time: Date): string => time.toISOString().replace('Z', '000+00:00')

/** The name of the study's attribute that holds what a search was asked for. */
export const SETTINGS = 'atelier'
