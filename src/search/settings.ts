import { type MonitorName, monitors } from '../recipe/early-stopping.ts'
import type { ScheduleInput } from '../recipe/schedules.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import type { Direction } from '../tuning/journal/operations.ts'
import type { TrialSetup } from './networks.ts'

/** Whether the trial with the greatest or the least value of a figure is the best. */
export const directionOf = (metric: MonitorName): Direction =>
  monitors[metric].falls ? 'minimize' : 'maximize'

/** The value of a figure; NaN where there is none. */
export const figureOf = (
  metric: MonitorName,
  figures: { readonly loss?: number | null | undefined; readonly accuracy?: number | null | undefined } = {},
): number =>
  monitors[metric].value({ loss: figures.loss ?? Number.NaN, accuracy: figures.accuracy ?? Number.NaN })

/** The figures as the journal and the reference's table name them. */
export const metricColumns = {
  'val-accuracy': 'val_acc',
  'val-loss': 'val_loss',
} as const satisfies Record<MonitorName, string>

/** How every trial of a search is trained. */
export interface TrialSettings {
  /** The figure of the kept epoch that is to be best. */
  readonly metric: MonitorName
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
