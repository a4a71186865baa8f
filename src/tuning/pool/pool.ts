import type { Point } from '../constraints.ts'
import type { Attributes } from '../journal/operations.ts'

/** A trial to be run. */
export interface Task {
  readonly number: number
  readonly point: Point
  /** True where it had been begun before and was cut: what it left behind is to be gone on with. */
  readonly resumed: boolean
}

/** How a trial ended. An interrupted one is to go on later. */
export type Outcome =
  | { readonly type: 'complete'; readonly value: number; readonly attributes: Attributes }
  | { readonly type: 'pruned'; readonly attributes: Attributes }
  | {
      readonly type: 'failed'
      readonly reason: 'error' | 'diverged' | 'killed'
      readonly message: string
      readonly attributes: Attributes
    }
  | { readonly type: 'interrupted' }

/** The answer to a report. */
export type Verdict = 'continue' | 'prune' | 'interrupt'

/** Takes a trial's value at a step, ascending, and says how to go on; a resumed trial reports from its first step. */
export type Reporter = (step: number, value: number) => Promise<Verdict>

/** What a trial has beside its point. */
export interface TrialContext {
  readonly number: number
  readonly resumed: boolean
  readonly report: Reporter
  /** Aborted when the search is interrupted: what is there is to be kept, and `interrupted` returned. */
  readonly signal: AbortSignal
}

/** What is searched: a function of a point. Whatever it throws makes the trial a failed one. */
export type Objective = (point: Point, trial: TrialContext) => Promise<Outcome>

/** Workers that run one trial each at a time. */
export interface Pool {
  readonly workers: number
  /** Runs a trial on a worker that is free; at most `workers` at once. Rejects only where no trial could be run at all. */
  run(task: Task, report: Reporter): { readonly worker: number; readonly outcome: Promise<Outcome> }
  /** Asks all running trials to stop and keep what they have. */
  interrupt(): void
  close(): Promise<void>
}
