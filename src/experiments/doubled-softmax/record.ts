import { z } from 'zod'
import { keysOf } from '../../base/keys.ts'
import { losses } from '../../model/losses.ts'
import { runEvent } from '../../record/events.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)

/** How many of the validation images were given to each class after an epoch: shape [classes]. */
const predictedRow = z.object({ epoch: count, counts: z.array(count).readonly() })

export const doubledSoftmaxRun = z.object({
  network: z.string(),
  title: z.string(),
  loss: z.enum(keysOf(losses)),
  seed: count,
  events: z.array(runEvent).readonly(),
  predicted: z.array(predictedRow).readonly(),
  /** By the weights that were kept; null where the run failed. The loss is the one that was trained with. */
  test: z
    .object({
      count,
      loss: z.number(),
      accuracy: share,
      /** The numbers of the classes that no test image was given to. */
      neverPredicted: z.array(count).readonly(),
    })
    .nullable(),
})

/** The same networks trained with softmax once and twice. */
export const doubledSoftmaxRecord = z.object({
  classNames: z.array(z.string()).min(2).readonly(),
  validationImages: count,
  epochs: count,
  batch: count,
  learningRate: z.number(),
  momentum: z.number(),
  /** The networks one after another: each with softmax once, then twice, then twice with other seeds. */
  runs: z.array(doubledSoftmaxRun).readonly(),
})

export type DoubledSoftmaxRecord = z.infer<typeof doubledSoftmaxRecord>
export type DoubledSoftmaxRun = z.infer<typeof doubledSoftmaxRun>
