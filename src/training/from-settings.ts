import type { Engine } from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'
import type { OptimizerInput } from '../recipe/optimizers.ts'
import type { ScheduleInput } from '../recipe/schedules.ts'
import type { SettingsRecord } from '../record/manifest.ts'
import type { SplitDataset } from '../record/split-dataset.ts'
import { trainingData } from './data.ts'
import { type TrainingOptions, train } from './train.ts'

/** What a record says of a training, and what it runs on. */
export interface TrainingRequest {
  readonly data: Pick<SplitDataset, 'dataset' | 'split'>
  readonly model: ModelSpec
  readonly settings: SettingsRecord
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/** The call to `train` that settings and data amount to. */
export function trainingOf(
  { data: { dataset, split }, model, settings, engine, signal }: TrainingRequest,
  more: Pick<TrainingOptions, 'resume' | 'look'> = {},
) {
  const { optimizer, schedule, earlyStopping, ...rest } = settings
  return train({
    ...rest,
    model,
    engine,
    optimizer: optimizer as OptimizerInput,
    schedule: schedule as ScheduleInput | undefined,
    data: trainingData(dataset, split),
    ...(earlyStopping === undefined ? {} : { earlyStopping }),
    ...(signal === undefined ? {} : { signal }),
    ...more,
  })
}
