import { z } from 'zod'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const interval = z.tuple([z.number(), z.number()]).readonly()
const verdict = { adjusted: share, distinguishable: z.boolean() }

const standing = z.object({
  /** The network's name within the study. */
  name: z.string(),
  accuracy: share,
  interval,
  overSeeds: z.object({ count, mean: share, deviation: z.number(), half: z.number() }).optional(),
})

const pair = z.object({
  a: z.string(),
  b: z.string(),
  count,
  bothRight: count,
  onlyA: count,
  onlyB: count,
  bothWrong: count,
  difference: z.number(),
  interval,
  pValue: share,
  exactPValue: share,
  ...verdict,
  overSeeds: z
    .object({
      test: z.enum(['paired t', 'Welch']),
      difference: z.number(),
      half: z.number(),
      degrees: z.number(),
      pValue: share,
      ...verdict,
    })
    .optional(),
})

/** Classifiers side by side on one test set, every pair of them tested: what `compareClassifiers` finds. */
export const comparisonRecord = z.object({
  count,
  classifiers: z.array(standing).readonly(),
  pairs: z.array(pair).readonly(),
  testSet: z.object({
    images: count,
    disagreement: share,
    smallestDifference: share,
    smallestAfterCorrection: share,
  }),
})
export type ComparisonRecord = z.infer<typeof comparisonRecord>
export type PairRecord = ComparisonRecord['pairs'][number]
