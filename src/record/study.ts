import { z } from 'zod'
import { auditRecord } from '../experiments/audit/record.ts'
import { doubledSoftmaxRecord } from '../experiments/doubled-softmax/record.ts'
import { insightRecord } from '../experiments/insight/record.ts'
import { labRecord } from '../experiments/lab-record.ts'
import { searchRecord } from '../search/record.ts'
import { calibrationRecord } from './calibration.ts'
import { cellImages } from './cell-images.ts'
import { comparisonRecord } from './comparison.ts'
import { runEvent } from './events.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const counts = z.array(count).readonly()
/** Named values to be shown as they are: settings, environment. */
const facts = z.array(z.object({ name: z.string(), value: z.string() })).readonly()
/** Pixel bytes of [images, height, width, channels] in base64; the sizes are the dataset's. */
const pixels = z.base64()

const classMetrics = z.object({
  name: z.string(),
  precision: share,
  recall: share,
  f1: share,
  support: count,
})
const mistake = z.object({ index: count, truth: count, predicted: count, probability: share })

/** An `Evaluation` as it is written down. */
export const evaluationRecord = z.object({
  split: z.enum(['test', 'validation']),
  count,
  loss: z.number(),
  accuracy: share,
  perClass: z.array(classMetrics).readonly(),
  confusion: z.array(counts).readonly(),
  worst: z.array(mistake).readonly(),
  /** Records of older versions lack it. */
  calibration: calibrationRecord.optional(),
})

/** What a run's `test.json` holds beside the evaluation: what is needed to set it beside others. */
export const predictionsRecord = z.object({
  /** SHA-256, hex, of the data's content. */
  dataHash: z.string().optional(),
  /** Class numbers, image by image. Records of older versions lack the truth. */
  predicted: counts.optional(),
  truth: counts.optional(),
})
export type PredictionsRecord = z.infer<typeof predictionsRecord>

export const datasetRecord = z.object({
  title: z.string(),
  source: z.string(),
  /** SHA-256, hex, of the content. */
  hash: z.string(),
  /** True where a built-in set stands in for one that could not be had. */
  isSubstitute: z.boolean(),
  classNames: z.array(z.string()).min(2).readonly(),
  height: count.positive(),
  width: count.positive(),
  channels: count.positive(),
  counts: z.object({ train: count, validation: count, test: count }),
  /** Images of each class: shape [classes]. */
  classCounts: z.object({ train: counts, validation: counts, test: counts }),
  /** Of the training images, in bytes 0…255. */
  pixelRange: z.object({ min: z.number(), max: z.number(), mean: z.number(), std: z.number() }),
  /** The verdict on balance, as a sentence. */
  balance: z.string(),
  /** SHA-256, hex, of the split's indices. */
  splitHash: z.string(),
  firstImages: z.object({ indices: counts, labels: counts, pixels }),
  /** The mean image of each class, in the order of the classes. */
  meanImages: z.object({ pixels }),
})

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
  /** The layer table, as text. */
  summary: z.string(),
  settings: facts,
  /** The run's directory, relative to the study's. */
  run: z.string(),
  events: z.array(runEvent).readonly(),
  /** Null where the run failed before there was anything to test. */
  test: evaluationRecord.nullable(),
  /** The images of `test.worst`, in its order. */
  worstImages: z.object({ pixels }),
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

/** A search of a study, with what is said of it beside its own figures. */
export const searchStageRecord = z.object({
  name: z.string(),
  title: z.string(),
  /** What was shortened and how; empty where nothing was. */
  note: z.string(),
  search: searchRecord,
})
export type SearchStageRecord = z.infer<typeof searchStageRecord>

/** A whole study as one plain value: all that a report needs, and nothing that must be looked up elsewhere. */
export const studyRecord = z.object({
  schemaVersion: z.literal(1),
  title: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** The exact line that repeats the study. */
  command: z.string(),
  profile: z.string(),
  /** What was shortened and how, as sentences; empty where nothing was. */
  note: z.string(),
  environment: facts,
  dataset: datasetRecord,
  networks: z.array(networkRecord).min(1).readonly(),
  searches: z.array(searchStageRecord).readonly().optional(),
  lab: labRecord.optional(),
  doubledSoftmax: doubledSoftmaxRecord.optional(),
  audit: auditRecord.optional(),
  /** The tested networks against each other, by their names; where there are two or more. */
  comparison: comparisonRecord.optional(),
  insight: insightRecord.optional(),
})

export type StudyRecord = z.infer<typeof studyRecord>
export type DatasetRecord = z.infer<typeof datasetRecord>
export type NetworkRecord = z.infer<typeof networkRecord>
export type EvaluationRecord = z.infer<typeof evaluationRecord>
