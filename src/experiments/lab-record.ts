import { z } from 'zod'
import { runEvent } from '../record/events.ts'

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
  /** As a person reads it: `uniform in [−0.05, 0.05]`. */
  initializer: z.string(),
  events: z.array(runEvent).readonly(),
})

export const initializationRecord = z.object({
  network: z.string(),
  activation: z.string(),
  optimizer: z.string(),
  epochs: count,
  batch: count,
  seed: count,
  classes: count,
  runs: z.array(initializationRun).readonly(),
})

/** How long the gradient of each kernel was, on average over the steps since the row before. */
const gradientRow = z.object({
  step: count,
  loss: z.number().nullable(),
  norms: z.array(z.number().nullable()),
})

const activationRun = z.object({
  name: z.string(),
  title: z.string(),
  activation: z.string(),
  initializer: z.string(),
  /** The layers, from the input on; `norms` are in this order. */
  layers: z.array(z.string()).readonly(),
  rows: z.array(gradientRow).readonly(),
})

export const activationsRecord = z.object({
  network: z.string(),
  learningRate: z.number(),
  batch: count,
  steps: count,
  every: count,
  seed: count,
  classes: count,
  runs: z.array(activationRun).readonly(),
})

/** The initialization lab: why the first weights decide whether a deep network learns. */
export const labRecord = z.object({
  multiplication: multiplicationRecord,
  initialization: initializationRecord,
  activations: activationsRecord,
})

export type LabRecord = z.infer<typeof labRecord>
export type Figure = z.infer<typeof figure>
export type MultiplicationRecord = z.infer<typeof multiplicationRecord>
export type InitializationRecord = z.infer<typeof initializationRecord>
export type ActivationsRecord = z.infer<typeof activationsRecord>
