import type { Engine } from '../../engine/backend.ts'
import type { ExperimentEvent } from '../../experiments/experiment.ts'
import type { ProgressEvent, RunEvent } from '../../record/events.ts'
import type { SplitDataset } from '../../runs/recorded-run.ts'
import type { SearchStageRecord } from '../../search/record.ts'
import type { NetworkSearchEvent } from '../../search/run.ts'
import type { StudyPlan } from '../plan.ts'
import type { ExperimentRecord, NetworkRecord } from '../record.ts'

/** What a study tells while it runs. */
export type StudyEvent =
  | { readonly type: 'explored'; readonly balance: string }
  | { readonly type: 'stage'; readonly title: string; readonly number: number; readonly of: number }
  /** A network or an experiment begins; its events follow. */
  | { readonly type: 'network'; readonly name: string; readonly epochs: number }
  | { readonly type: 'run'; readonly name: string; readonly event: RunEvent | ProgressEvent }
  | { readonly type: 'tested'; readonly name: string; readonly loss: number; readonly accuracy: number }
  | { readonly type: 'search'; readonly name: string; readonly trials: number }
  | { readonly type: 'trial'; readonly event: NetworkSearchEvent }
  | Extract<ExperimentEvent, { readonly type: 'work' }>
  /** The stage was in the record already. */
  | { readonly type: 'known'; readonly name: string }

export interface StudyRequest {
  readonly plan: StudyPlan
  readonly data: SplitDataset
  /** True where a built-in set stands in for one that could not be had. */
  readonly isSubstitute: boolean
  readonly engine: Engine
  readonly directory: string
  /** Goes on with what the directory holds; stages that are done are not run again. */
  readonly resume: boolean
  /** The line that repeats it. */
  readonly command: string
  readonly signal?: AbortSignal | undefined
}

/** What a stage adds to the study's record. */
export interface StageResult {
  readonly networks?: readonly NetworkRecord[]
  readonly experiments?: readonly ExperimentRecord[]
  readonly search?: SearchStageRecord
  /** True where it was cut before its end: what it adds is what was done. */
  readonly interrupted?: boolean
}

/** A stage tells how it goes and returns what it adds. */
export type StageStream = AsyncGenerator<StudyEvent, StageResult, undefined>
