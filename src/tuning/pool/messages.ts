import type { Json } from '../journal/operations.ts'
import type { Outcome, Task, Verdict } from './pool.ts'

/** What a worker is to compute: a module whose default export makes an objective of an argument. */
export interface ObjectiveSource {
  /** The module's address. */
  readonly module: string
  readonly argument: Json
}

/** From the search to a worker. */
export type ToWorker =
  | { readonly type: 'open'; readonly source: ObjectiveSource }
  | { readonly type: 'trial'; readonly task: Task }
  | { readonly type: 'verdict'; readonly step: number; readonly verdict: Verdict }
  | { readonly type: 'interrupt' }

/** From a worker to the search. */
export type FromWorker =
  | { readonly type: 'opened' }
  | { readonly type: 'refused'; readonly message: string; readonly isInput: boolean }
  | { readonly type: 'report'; readonly number: number; readonly step: number; readonly value: number }
  | { readonly type: 'ended'; readonly number: number; readonly outcome: Outcome }
