import { z } from 'zod'
import { recipe } from '../recipe/recipe.ts'
import { dataRecord, engineRecord } from '../record/manifest.ts'

const count = z.number().int().nonnegative()
const figure = z.number().nullable()

/** Where a record lies. */
export const entryRow = z.object({
  id: z.string(),
  path: z.string(),
  within: z.object({ kind: z.enum(['run', 'search', 'study']), id: z.string() }).nullable(),
})

/** One run in a list: enough for a table, for filters and for the differences of settings. */
export const runRow = entryRow.extend({
  name: z.string(),
  /** `silent`: neither ended nor heard of for a while; it was killed, or its machine is gone. */
  status: z.enum(['running', 'silent', 'interrupted', 'finished', 'failed', 'corrupt']),
  /** What is wrong with the record, or why the run failed. */
  error: z.string().nullable(),
  /** ISO 8601. */
  createdAt: z.string().nullable(),
  updatedAt: z.string(),
  model: z.string().nullable(),
  parameters: count.nullable(),
  /** Tells networks apart whose names and sizes are the same: a hash of the layers and their options. */
  layers: z.string().nullable(),
  data: dataRecord.omit({ classNames: true, split: true }).extend({ split: z.string() }).nullable(),
  settings: recipe.nullable(),
  engine: engineRecord.nullable(),
  /** Epochs that are done. */
  epoch: count,
  /** Epochs that were asked for. */
  epochs: count,
  bestEpoch: count.nullable(),
  /** Of the best epoch. */
  loss: figure,
  accuracy: figure,
  valLoss: figure,
  valAccuracy: figure,
  seconds: z.number(),
  imagesPerSecond: figure,
  weightsHash: z.string().nullable(),
  /** On the test images, where the run was evaluated. */
  test: z.object({ loss: z.number(), accuracy: z.number(), count }).nullable(),
  warnings: z.array(z.string()),
})
export type RunRow = z.infer<typeof runRow>

const column = z.array(figure)

/** A run's epochs, a column a figure: [epochs] each. */
export const curves = z.object({
  epoch: z.array(count),
  loss: column,
  accuracy: column,
  valLoss: column,
  valAccuracy: column,
  learningRate: column,
  seconds: column,
})
export type Curves = z.infer<typeof curves>
