import { z } from 'zod'
import { duplicatesRecord, labelsRecord, nearPair, suspect } from '../experiments/audit/record.ts'
import { type RunEvent, runEvent } from '../record/events.ts'
import { manifest } from '../record/manifest.ts'
import { searchRecord, type TrialRecord } from '../search/record.ts'
import { modelRow } from './model-row.ts'
import { curves, type RunRow, runRow } from './run-row.ts'
import { type SearchRow, searchRow } from './search-row.ts'
import type { StudyRow } from './study-row.ts'

/*
 * What the server answers, and what its streams tell: the server checks and documents its answers by these schemas, the
 * page has its types from them.
 */

const count = z.number().int().nonnegative()

/** What an error answer holds: "Problem details for HTTP APIs", RFC 9457, with the parts of our own errors. */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  at: z.string().optional(),
  expected: z.string().optional(),
  received: z.string().optional(),
  hint: z.string().optional(),
})
export type ProblemDocument = z.infer<typeof problemDocument>

export const runsAnswer = z.object({ version: z.number(), runs: z.array(runRow) })
export type RunsAnswer = z.infer<typeof runsAnswer>

export const runAnswer = z.object({ row: runRow, manifest: manifest.nullable(), events: z.array(runEvent) })
export type RunAnswer = z.infer<typeof runAnswer>

export const curvesAnswer = z.object({ curves: z.record(z.string(), curves) })
export type CurvesAnswer = z.infer<typeof curvesAnswer>

export const searchesAnswer = z.object({ version: z.number(), searches: z.array(searchRow) })
export type SearchesAnswer = z.infer<typeof searchesAnswer>

export const searchAnswer = z.object({ row: searchRow, record: searchRecord })
export type SearchAnswer = z.infer<typeof searchAnswer>

export const modelsAnswer = z.object({ models: z.array(modelRow) })
export type ModelsAnswer = z.infer<typeof modelsAnswer>

/** Many images as one picture: the i-th stands in column i mod `columns` and row ⌊i / columns⌋. */
export const spriteRecord = z.object({
  height: count,
  width: count,
  channels: count,
  columns: count,
  /** A PNG as a data address. */
  sprite: z.string(),
})
export type SpriteRecord = z.infer<typeof spriteRecord>

/** A dataset that may be asked for. */
export const datasetRow = z.object({
  id: z.string(),
  /** As it is written after `--data`. */
  source: z.string(),
  isLoaded: z.boolean(),
})
export type DatasetRow = z.infer<typeof datasetRow>

export const datasetsAnswer = z.object({ datasets: z.array(datasetRow) })
export type DatasetsAnswer = z.infer<typeof datasetsAnswer>

/** What is in a dataset, at a glance. */
export const datasetAnswer = datasetRow.omit({ isLoaded: true }).extend({
  title: z.string(),
  hash: z.string(),
  height: count,
  width: count,
  channels: count,
  counts: z.object({ train: count, test: count }),
  classes: z.array(z.object({ label: count, name: z.string(), train: count, test: count })),
  balance: z.object({ ratio: z.number().nullable(), isBalanced: z.boolean(), verdict: z.string() }),
  range: z.object({ min: z.number(), max: z.number(), mean: z.number(), std: z.number() }),
  /** How many pixels have each value: [256]. */
  histogram: z.array(count),
  meanImages: spriteRecord,
})
export type DatasetAnswer = z.infer<typeof datasetAnswer>

/** An image by its index among the training images. */
const imageItem = z.object({ index: count, label: count })
export type ImageItem = z.infer<typeof imageItem>

/** A page of training images. */
export const imagesAnswer = spriteRecord.extend({
  /** Images in all pages. */
  total: count,
  items: z.array(imageItem),
})
export type ImagesAnswer = z.infer<typeof imagesAnswer>

/** Test images of an evaluated run. */
export const testImagesAnswer = spriteRecord.extend({
  /** Images in the cell of the confusion matrix. */
  total: count,
  items: z.array(imageItem.extend({ predicted: count.nullable() })),
})
export type TestImagesAnswer = z.infer<typeof testImagesAnswer>

/** What an audit found within and across the splits. */
const nearRecord = duplicatesRecord.pick({ threshold: true, counts: true }).extend({
  /** The record of the audit: a path below the server's directory of runs. */
  path: z.string(),
  /** Those whose labels differ first, then those across splits, then the nearest: at most 60. */
  pairs: z.array(nearPair),
  /** The two images of each pair, one after the other. */
  images: spriteRecord,
})
export type NearRecord = z.infer<typeof nearRecord>

export const duplicatesAnswer = z.object({
  /** Training images that are the same in every byte. */
  groups: z.array(z.array(imageItem)),
  surplus: count,
  /** Groups with more than one label. */
  conflicting: count,
  /** Null where no audit of the images is recorded. */
  near: nearRecord.nullable(),
})
export type DuplicatesAnswer = z.infer<typeof duplicatesAnswer>

/** A page of the labels that an audit suspects. */
export const suspectsAnswer = labelsRecord.omit({ shown: true }).extend({
  /** The record of the audit: a path below the server's directory of runs. */
  path: z.string(),
  /** As many as the record lists. */
  total: count,
  suspects: z.array(suspect),
  images: spriteRecord,
})
export type SuspectsAnswer = z.infer<typeof suspectsAnswer>

/** How every stream may end: the record was removed or cannot be read any further, or the server closes. */
interface Endings {
  readonly problem: { readonly detail: string }
  readonly closing: Readonly<Record<string, never>>
}

/** What the stream of all records tells. A stream that begins says so by `contents`. */
export interface RecordIndexEvents extends Endings {
  readonly contents: { readonly version: number; readonly rows: number }
  readonly run: RunRow
  readonly search: SearchRow
  readonly study: StudyRow
  readonly removed: { readonly kind: string; readonly id: string }
}

/** What the stream of a run tells: its events; `reset` says that what was told before is void. */
export type RunEvents = {
  readonly [Type in RunEvent['type']]: Extract<RunEvent, { type: Type }>
} & Endings & {
    readonly reset: Readonly<Record<string, never>>
    readonly removed: Readonly<Record<string, never>>
  }

/** What the stream of a search tells: trials that are new or changed, and its row. */
export interface SearchEvents extends Endings {
  readonly trial: TrialRecord
  readonly search: SearchRow
  readonly removed: Readonly<Record<string, never>>
}
