import { z } from 'zod'
import { renamed } from './version-1.ts'

const count = z.number().int().nonnegative()
/** A figure that a failed run may leave without a finite value: JSON has no NaN, so it is null there. */
const figure = z.number().nullable()

/** One epoch's figures. Loss is the mean over images; accuracy a share in [0, 1]; `val…` are on the validation split. */
const epochFigures = z.object({
  type: z.literal('epoch'),
  epoch: count,
  loss: figure,
  accuracy: figure,
  valLoss: figure,
  valAccuracy: figure,
  /** How many validation images were given to each class: shape [classes]. A class at 0 has died. */
  valPredictedCounts: z.array(count).readonly().optional(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  learningRate: z.number(),
  /** True where this epoch is the best so far by the monitored metric. */
  best: z.boolean(),
})

/** The names of version 1. */
const former = { steps: 'stepsPerEpoch', valPredicted: 'valPredictedCounts' }

export const epochEvent = renamed(epochFigures, former)

const startedEvent = z.object({
  type: z.literal('started'),
  time: z.string(),
  epochs: count,
  stepsPerEpoch: count,
  trainImages: count,
  validationImages: count,
})
/** The state that a run can go on from after this epoch lies in the file. */
const checkpointEvent = z.object({ type: z.literal('checkpoint'), epoch: count, file: z.string() })
const stoppedEvent = z.object({
  type: z.literal('stopped'),
  reason: z.enum(['early-stopping', 'interrupted']),
  epoch: count,
  message: z.string(),
})
const finishedEvent = z.object({
  type: z.literal('finished'),
  epochs: count,
  bestEpoch: count,
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** SHA-256, hex, of the final weights' bytes in the order of the model. */
  weightsHash: z.string(),
  validation: z.object({ loss: figure, accuracy: figure }),
})
const failedEvent = z.object({
  type: z.literal('failed'),
  reason: z.literal('diverged'),
  epoch: count,
  step: count,
  /** Null where it was not finite; missing in older records, which knew no other divergence. */
  loss: figure.optional(),
  message: z.string(),
})

/** What a run's `events.jsonl` holds, one a line, in the order in which it happened. */
export const runEvent = renamed(
  z.discriminatedUnion('type', [
    startedEvent,
    epochFigures,
    checkpointEvent,
    stoppedEvent,
    finishedEvent,
    failedEvent,
  ]),
  former,
)

/** What a run tells, line by line: how it began, its epochs and checkpoints, how it ended. */
export type RunEvent = z.infer<typeof runEvent>
/** How an epoch went. */
export type EpochEvent = z.infer<typeof epochEvent>
export type FinishedEvent = z.infer<typeof finishedEvent>

/** A sign of life within an epoch, for screens; it is not written down. Loss and accuracy run since the epoch began. */
export interface ProgressEvent {
  readonly type: 'progress'
  readonly epoch: number
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly accuracy: number
  readonly imagesPerSecond: number
}
