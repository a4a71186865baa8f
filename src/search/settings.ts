import type { MonitorName } from '../recipe/early-stopping.ts'
import type { ScheduleInput } from '../recipe/schedules.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import type { Direction } from '../tuning/journal/operations.ts'
import type { TrialSetup } from './networks.ts'

/** What a search looks at: the figure on the validation images that is to be best. */
export const metrics = { 'val-accuracy': 'maximize', 'val-loss': 'minimize' } as const satisfies Record<
  string,
  Direction
>
export type Metric = keyof typeof metrics

/** The figures as the journal and the reference's table name them. */
export const metricColumns = { 'val-accuracy': 'val_acc', 'val-loss': 'val_loss' } as const

/** How every trial of a search is trained. */
export interface TrialSettings {
  readonly metric: Metric
  /** The figure that decides which epoch's weights are kept, and when training stops. */
  readonly monitor: MonitorName
  readonly epochs: number
  /** Epochs without improvement after which training stops; 0: never. */
  readonly earlyStopping: number
  readonly seed: number
  /** Where the space says none; the default of a training, where it is left out. */
  readonly schedule?: ScheduleInput | undefined
  /** Trainings of every point, each with the next seed. */
  readonly repeats: number
}

/** The settings of one training of a trial. */
export function settingsOf(setup: TrialSetup, settings: TrialSettings, repeat: number): RecipeInput {
  const { epochs, monitor, earlyStopping, seed, schedule } = settings
  const { model, ...given } = setup
  return {
    schedule,
    ...given,
    epochs,
    seed: seed + repeat,
    monitor,
    ...(earlyStopping === 0 ? {} : { earlyStopping: { patience: earlyStopping } }),
  }
}
