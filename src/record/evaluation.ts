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

/** What a run's `test.json` holds beside the evaluation: what is needed to set it beside others. */
export const predictionsRecord = z.object({
  /** SHA-256, hex, of the data's content. */
  dataHash: z.string().optional(),
  /** Class numbers, image by image. Records of older versions lack the truth. */
  predicted: counts.optional(),
  truth: counts.optional(),
})
export type PredictionsRecord = z.infer<typeof predictionsRecord>

export type EvaluationRecord = z.infer<typeof evaluationRecord>
