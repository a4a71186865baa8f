import type { ProgressEvent, RunEvent } from '../../record/events.ts'

/** What an experiment tells while it runs: the events of each of its runs, by name. */
export interface ExperimentEvent {
  readonly type: 'run'
  readonly name: string
  readonly epochs: number
  readonly event: RunEvent | ProgressEvent
}

/** An experiment tells how it goes and returns its record; undefined where it was interrupted. */
export type Experiment<Result> = AsyncGenerator<ExperimentEvent, Result | undefined, undefined>
