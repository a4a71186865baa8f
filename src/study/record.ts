import { z } from 'zod'
import { type ExperimentKind, experiments, type RecordOf } from '../experiments/index.ts'
import { modelSpec } from '../model/spec.ts'
import { recipe } from '../recipe/recipe.ts'
import { cellImages } from '../record/cell-images.ts'
import { comparisonRecord } from '../record/comparison.ts'
import { datasetRecord } from '../record/dataset.ts'
import { evaluationRecord } from '../record/evaluation.ts'
import { runEvent } from '../record/events.ts'
import { engineRecord, environmentRecord } from '../record/manifest.ts'
import { searchStageRecord } from '../search/record.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)

/** One of several trainings of a network that differ in the seed alone. */
const seedRecord = z.object({
  seed: count,
  /** The run's directory, relative to the study's. */
  run: z.string(),
  /** Null where the run failed. */
  test: z.object({ loss: z.number(), accuracy: share }).nullable(),
  seconds: z.number().nonnegative(),
  /** On how many threads; absent from older records. */
  threads: count.optional(),
  weightsHash: z.string().nullable(),
})
export type SeedRecord = z.infer<typeof seedRecord>

export const networkRecord = z.object({
  name: z.string(),
  /** The stage of the study that it belongs to: `mlp-baselines`… */
  stage: z.string().optional(),
  title: z.string(),
  kind: z.enum(['mlp', 'cnn']),
  parameters: count,
  model: modelSpec,
  settings: recipe,
  /** How many images it was trained and validated on. */
  counts: z.object({ train: count, validation: count }),
  /** The run's directory, relative to the study's. */
  run: z.string(),
  events: z.array(runEvent).readonly(),
  /** Null where the run failed before there was anything to test. */
  test: evaluationRecord.nullable(),
  /** Images to show for the cells of `test.confusion`. */
  cellImages: cellImages.optional(),
  seconds: z.number().nonnegative(),
  /** SHA-256, hex; null where no weights were kept. */
  weightsHash: z.string().nullable(),
  backend: z.string(),
  arithmetic: z.string(),
  threads: count,
  /** All its trainings, where there are several; what stands above is the first's. */
  seeds: z.array(seedRecord).readonly().optional(),
  /** It was trained otherwise than the reference: with a recipe of its own. */
  recipe: z.boolean().optional(),
  /** The test accuracy that it was meant to reach. */
  aim: share.optional(),
  /** What the reference study reports for the same network on its test images. */
  reference: z.object({ loss: z.number(), accuracy: share }).optional(),
})

/** What an experiment found, and the stage that asked it. */
export interface ExperimentRecordOf<K extends ExperimentKind> {
  readonly kind: K
  readonly name: string
  readonly record: RecordOf<K>
}
export type ExperimentRecord = { [K in ExperimentKind]: ExperimentRecordOf<K> }[ExperimentKind]

const [firstExperiment, ...otherExperiments] = experiments.map(({ kind, record }) =>
  z.object({ kind: z.literal(kind), name: z.string(), record }),
)

// The table's schemas go in one by one, which their union's own type cannot say.
export const experimentRecord = z.discriminatedUnion('kind', [
  firstExperiment,
  ...otherExperiments,
]) as unknown as z.ZodType<ExperimentRecord>

/** What a study found by an experiment; undefined where it had none of the kind. */
export const findRecord = <K extends ExperimentKind>(
  { experiments: found }: Pick<StudyRecord, 'experiments'>,
  kind: K,
): RecordOf<K> | undefined =>
  found.find((each): each is ExperimentRecord & ExperimentRecordOf<K> => each.kind === kind)?.record

/** A whole study as one plain value of numbers and settings: sentences and figures are made when it is shown. */
export const studyRecord = z.object({
  schemaVersion: z.literal(2),
  title: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** The exact line that repeats the study. */
  command: z.string(),
  profile: z.string(),
  /** What was shortened and how, as sentences; empty where nothing was. */
  note: z.string(),
  environment: environmentRecord,
  engine: engineRecord,
  dataset: datasetRecord,
  networks: z.array(networkRecord).min(1).readonly(),
  searches: z.array(searchStageRecord).readonly().optional(),
  /** In the order of the plan. */
  experiments: z.array(experimentRecord).readonly(),
  /** The tested networks against each other, by their names; where there are two or more. */
  comparison: comparisonRecord.optional(),
})

export type StudyRecord = z.infer<typeof studyRecord>
export type NetworkRecord = z.infer<typeof networkRecord>
