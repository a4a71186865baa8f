import { parse } from '../base/parse.ts'
import { unitInterval } from '../model/network.ts'
import { optimizer } from '../recipe/optimizers.ts'
import { recipe } from '../recipe/recipe.ts'
import type { SettingsRecord } from '../record/manifest.ts'
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
  readonly monitor: SettingsRecord['monitor']
  readonly epochs: number
  /** Epochs without improvement after which training stops; 0: never. */
  readonly earlyStopping: number
  readonly seed: number
  /** Trainings of every point, each with the next seed. */
  readonly repeats: number
}

/** The settings of one training of a trial. */
export function settingsOf(setup: TrialSetup, settings: TrialSettings, repeat: number): SettingsRecord {
  const { epochs, monitor, earlyStopping, seed } = settings
  const { model, ...given } = setup
  return {
    batch: 32,
    optimizer: optimizer({ kind: 'sgd' }).spec,
    ...parse(recipe, given, `the recipe of ${model.name}`),
    epochs,
    loss: 'cross-entropy',
    preprocessing: unitInterval,
    seed: seed + repeat,
    monitor,
    ...(earlyStopping === 0 ? {} : { earlyStopping: { patience: earlyStopping, minDelta: 0 } }),
  }
}
