import { z } from 'zod'
import { initializer } from '../../model/initializers.ts'
import { runEvent } from '../../record/events.ts'

const count = z.number().int().nonnegative()

/** A figure that may have left the numbers; JSON has no word for these two. */
const figure = z.union([z.number(), z.enum(['inf', 'nan'])])

/** Mean and spread of all entries of the product after a number of multiplications. */
export const productRow = z.object({ step: count, mean: figure, std: figure })

const productSeries = z.object({
  /** Entries of the matrices are drawn uniformly from [low, high]. */
  low: z.number(),
  high: z.number(),
  rows: z.array(productRow).readonly(),
  /** The first step at which every entry is zero; null where it never comes to that. */
  zeroAt: count.nullable(),
  /** The first step at which an entry is infinite. */
  infiniteAt: count.nullable(),
})

export const multiplicationRecord = z.object({
  /** The matrices are size × size. */
  size: count.positive(),
  steps: count.positive(),
  seed: count,
  precision: z.enum(['float32', 'float64']),
  series: z.array(productSeries).readonly(),
})

const initializationRun = z.object({
  name: z.string(),
  title: z.string(),
  initializer,
  events: z.array(runEvent).readonly(),
})

/** Why the first weights decide whether a deep network learns: products of matrices, and one network begun in several ways. */
export const initializationRecord = z.object({
  multiplication: multiplicationRecord,
  network: z.string(),
  /** Adam's. */
  learningRate: z.number(),
  epochs: count,
  batch: count,
  seed: count,
  classes: count,
  runs: z.array(initializationRun).readonly(),
})

export type Figure = z.infer<typeof figure>
export type MultiplicationRecord = z.infer<typeof multiplicationRecord>
export type InitializationRecord = z.infer<typeof initializationRecord>
