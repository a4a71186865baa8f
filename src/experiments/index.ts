import type { z } from 'zod'
import { activations } from './activations/index.ts'
import { audit } from './audit/index.ts'
import { doubledSoftmax } from './doubled-softmax/index.ts'
import type { Experiment } from './experiment.ts'
import { initialization } from './initialization/index.ts'
import { insight } from './insight/index.ts'

/** Every experiment, in the order in which reports show them. A new one is a folder and a row. */
export const experiments = [audit, initialization, activations, doubledSoftmax, insight] as const

type Row = (typeof experiments)[number]
export type ExperimentKind = Row['kind']
export type RowOf<K extends ExperimentKind> = Extract<Row, { readonly kind: K }>
export type SettingsOf<K extends ExperimentKind> = z.output<RowOf<K>['settings']>
export type InputOf<K extends ExperimentKind> = z.input<RowOf<K>['settings']>
export type RecordOf<K extends ExperimentKind> = z.output<RowOf<K>['record']>

/** An experiment by its kind; undefined where there is none. */
export const findExperiment = (kind: string): Experiment | undefined =>
  experiments.find((each) => each.kind === kind)
