import { z } from 'zod'
import { calibrationRecord } from './calibration.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const counts = z.array(count).readonly()

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

/** A run's `test.json`: its evaluation on the test split, and what is needed to set it beside others. */
const testRecord2 = evaluationRecord.extend({
  schemaVersion: z.literal(2),
  /** The checksum of the run's manifest. */
  run: z.string().optional(),
  /** SHA-256, hex, of the data's content. */
  dataHash: z.string().optional(),
  /** Class numbers, image by image. Records of older versions lack the truth. */
  predicted: counts.optional(),
  truth: counts.optional(),
})

/** Files of version 1 do not say their version; what else changed its name is said at its own schema. */
export const testRecord = z.preprocess(
  (value) => (typeof value === 'object' && value !== null ? { schemaVersion: 2, ...value } : value),
  testRecord2,
)
export type TestRecord = z.infer<typeof testRecord>

export type EvaluationRecord = z.infer<typeof evaluationRecord>
