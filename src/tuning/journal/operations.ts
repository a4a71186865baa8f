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

/** An operation without the worker that writes it. */
export type Operation =
  | { readonly op_code: 0; readonly study_name: string; readonly directions: readonly number[] }
  | { readonly op_code: 1; readonly study_id: number }
  | { readonly op_code: 2; readonly study_id: number; readonly user_attr: Attributes }
  | { readonly op_code: 3; readonly study_id: number; readonly system_attr: Attributes }
  | {
      readonly op_code: 4
      readonly study_id: number
      readonly datetime_start: string | null
      readonly datetime_complete?: string
      readonly state?: number
      readonly params?: Readonly<Record<string, number>>
      readonly distributions?: Readonly<Record<string, string>>
      readonly user_attrs?: Attributes
      readonly system_attrs?: Attributes
      readonly intermediate_values?: Readonly<Record<string, number>>
      readonly value?: number | null
      readonly values?: readonly number[] | null
    }
  | {
      readonly op_code: 5
      readonly trial_id: number
      readonly param_name: string
      readonly param_value_internal: number
      readonly distribution: string
    }
  | {
      readonly op_code: 6
      readonly trial_id: number
      readonly state: number
      readonly values: readonly number[] | null
      readonly datetime_start?: string
      readonly datetime_complete?: string
    }
  | {
      readonly op_code: 7
      readonly trial_id: number
      readonly step: number
      readonly intermediate_value: number
    }
  | { readonly op_code: 8; readonly trial_id: number; readonly user_attr: Attributes }
  | { readonly op_code: 9; readonly trial_id: number; readonly system_attr: Attributes }

/** A time as Optuna writes it since its version 5: in UTC, to the microsecond, with the offset. */
export const datetime = (time: Date): string => time.toISOString().replace('Z', '000+00:00')

/** The name of the study's attribute that holds what a search was asked for. */
export const SETTINGS = 'atelier'
