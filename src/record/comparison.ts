import { z } from 'zod'
import { renamed } from './version-1.ts'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const ci95 = z.tuple([z.number(), z.number()]).readonly()
/** The names of version 1. */
const former = {
  half: 'ci95HalfWidth',
  deviation: 'standardDeviation',
  degrees: 'degreesOfFreedom',
  interval: 'ci95',
  adjusted: 'adjustedPValue',
}

const verdict = { adjustedPValue: share, distinguishable: z.boolean() }

const overSeeds = z.object({ count, mean: share, standardDeviation: z.number(), ci95HalfWidth: z.number() })

const standing = z.object({
  /** The network's name within the study. */
  name: z.string(),
  accuracy: share,
  ci95,
  overSeeds: renamed(overSeeds, former).optional(),
})

const meansTest = z.object({
  test: z.enum(['paired t', 'Welch']),
  difference: z.number(),
  ci95HalfWidth: z.number(),
  degreesOfFreedom: z.number(),
  pValue: share,
  ...verdict,
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
  ci95,
  pValue: share,
  exactPValue: share,
  ...verdict,
  overSeeds: renamed(meansTest, former).optional(),
})

/** Classifiers side by side on one test set, every pair of them tested: what `compareClassifiers` finds. */
export const comparisonRecord = z.object({
  count,
  classifiers: z.array(renamed(standing, former)).readonly(),
  pairs: z.array(renamed(pair, former)).readonly(),
  testSet: z.object({
    images: count,
    disagreement: share,
    smallestDifference: share,
    smallestAfterCorrection: share,
  }),
})
export type ComparisonRecord = z.infer<typeof comparisonRecord>
export type PairRecord = ComparisonRecord['pairs'][number]
