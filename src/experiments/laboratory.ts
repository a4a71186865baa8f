import { join } from 'node:path'
import { type Engine, unitInterval } from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'
import type { ProgressEvent, RunEvent } from '../record/events.ts'
import type { SettingsRecord } from '../record/manifest.ts'
import { recordOrResume } from '../runs/begun-run.ts'
import type { RecordedRun, SplitDataset } from '../runs/recorded-run.ts'

/** What an experiment is given beside its settings. */
export interface Laboratory {
  readonly data: SplitDataset
  readonly engine: Engine
  /** Where its trainings are recorded, so that one which is cut goes on from its last epoch. */
  readonly directory: string
  /** The line that repeats it. */
  readonly command: string
  readonly signal?: AbortSignal | undefined
}

/** What an experiment tells while it runs: the events of each of its runs, by name. */
export interface ExperimentEvent {
  readonly type: 'run'
  readonly name: string
  readonly epochs: number
  readonly event: RunEvent | ProgressEvent
}

/** An experiment tells how it goes and returns its record; undefined where it was interrupted. */
export type Experiment<Result> = AsyncGenerator<ExperimentEvent, Result | undefined, undefined>

/** How one network of an experiment is trained; what is left out is as in the reference. */
export interface ExperimentRun {
  readonly name: string
  readonly model: ModelSpec
  readonly settings: Pick<SettingsRecord, 'epochs' | 'batch' | 'seed' | 'optimizer'> &
    Partial<Pick<SettingsRecord, 'loss'>>
}

/** Trains one network of an experiment, or goes on with it, and tells its events; undefined where it was interrupted. */
export async function* trainRecorded(
  { name, model, settings }: ExperimentRun,
  { directory, ...laboratory }: Laboratory,
): Experiment<RecordedRun & { readonly directory: string }> {
  const place = join(directory, name.replaceAll(/[^\w.-]+/g, '-'))
  const rest = { loss: 'cross-entropy', preprocessing: unitInterval, monitor: 'val-loss' } as const
  const stream = recordOrResume({
    ...laboratory,
    directory: place,
    name,
    model,
    settings: { ...rest, ...settings },
    calibrate: false,
  })
  let next = await stream.next()
  for (; !next.done; next = await stream.next()) {
    yield { type: 'run', name, epochs: settings.epochs, event: next.value }
  }
  return next.value.result.status === 'interrupted' ? undefined : { ...next.value, directory: place }
}
