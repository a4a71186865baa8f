import { z } from 'zod'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const splitName = z.enum(['train', 'validation', 'test'])

/** An image: `index` counts in the training file for train and validation, in the test file for test. */
const sighting = z.object({ split: splitName, index: count, label: count })

/** Two images and the root mean square difference of their bytes, in gray levels. */
export const nearPair = z.object({ a: sighting, b: sighting, distance: z.number().nonnegative() })

export const duplicatesRecord = z.object({
  /** Gray levels. */
  threshold: z.number().nonnegative(),
  /** Pairs between two splits or within one: equal ones, near ones, and those of either kind whose labels differ. */
  counts: z
    .array(
      z.object({
        between: z.tuple([splitName, splitName]).readonly(),
        exact: count,
        near: count,
        conflicting: count,
      }),
    )
    .readonly(),
  /** Images that hang together by pairs: how many groups, how many images in them, and in the largest. */
  groups: z.object({ count, images: count, largest: count }),
  /** Of every test image and the training image that it resembles most; absent where that was not asked for. */
  nearest: z
    .object({
      /** Deciles of the distance in gray levels, from the least to the greatest: 11 numbers. */
      deciles: z.array(z.number().nonnegative()).readonly(),
      /** How often both have the same label: the accuracy of naming the nearest neighbor's class. */
      accuracy: share,
    })
    .optional(),
  /** The pairs that are shown, those whose labels differ and those across splits first. */
  shown: z.array(nearPair).readonly(),
})

/** An image whose label is probably wrong. */
export const suspect = z.object({
  split: splitName,
  index: count,
  given: count,
  likely: count,
  /** What the networks give the likely class, and the given one. */
  probability: share,
  selfConfidence: share,
})

/** Accuracy on all images of a split, and on those that are not suspected. */
const withAndWithout = z.object({ all: share, without: share })

export const labelsRecord = z.object({
  network: z.string(),
  folds: count,
  epochs: count,
  batch: count,
  learningRate: z.number(),
  seed: count,
  /** The training file (train and validation), judged out of fold; the test file, by the mean of the folds' networks. */
  parts: z
    .array(
      z.object({
        part: z.enum(['training', 'test']),
        images: count,
        suspects: count,
        /** The share of labels that are wrong, by the estimated joint of given and true ones. */
        noise: share,
        accuracy: withAndWithout,
      }),
    )
    .readonly(),
  /** Which label is commonly given for which class. */
  commonest: z.array(z.object({ given: count, likely: count, count })).readonly(),
  /** The same network trained with and without the suspects of the training images. */
  retrained: z
    .array(
      z.object({
        trainedOn: z.enum(['all', 'without']),
        images: count,
        validation: withAndWithout,
        test: withAndWithout,
      }),
    )
    .readonly(),
  /** The suspects that are shown, likeliest first. */
  shown: z.array(suspect).readonly(),
  seconds: z.number().nonnegative(),
})

/** What an audit of the data found. */
export const auditRecord = z.object({ duplicates: duplicatesRecord, labels: labelsRecord })

/** The file that holds the whole of an audit beside its page. */
export const AUDIT_FILE = 'audit.json'

/** All that an audit found of a set: every pair (the nearest 10,000, where there are more) and every suspect. */
export const auditFindings = z.object({
  /** Of the content that was audited. */
  dataHash: z.string(),
  classNames: z.array(z.string()).readonly(),
  settings: z.looseObject({ threshold: z.number() }),
  duplicates: z.object({
    counts: duplicatesRecord.shape.counts,
    /** Nearest first. */
    pairs: z.array(nearPair).readonly(),
    groups: z.array(z.array(sighting).readonly()).readonly(),
    /** Of every test image, the training image that it resembles most. */
    nearest: z
      .array(
        z.object({ test: count, train: count, distance: z.number().nonnegative(), isSameLabel: z.boolean() }),
      )
      .readonly()
      .optional(),
  }),
  labels: labelsRecord.omit({ shown: true }).extend({ suspects: z.array(suspect).readonly() }),
})
export type AuditFindingsRecord = z.infer<typeof auditFindings>

export type AuditRecord = z.infer<typeof auditRecord>
export type DuplicatesRecord = z.infer<typeof duplicatesRecord>
export type LabelsRecord = z.infer<typeof labelsRecord>
export type SuspectRecord = z.infer<typeof suspect>
export type NearPairRecord = z.infer<typeof nearPair>
