import { z } from 'zod'

const count = z.number().int().nonnegative()
const counts = z.array(count).readonly()

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
  /** SHA-256, hex, of the split's indices. */
  splitHash: z.string(),
})

export type DatasetRecord = z.infer<typeof datasetRecord>

/** Images of each class in the training file, those to validate on included: shape [classes]. */
export const trainingCounts = ({ classCounts: { train, validation } }: DatasetRecord): number[] =>
  train.map((count, c) => count + validation[c])
