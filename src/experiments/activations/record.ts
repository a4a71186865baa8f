import { z } from 'zod'
import { initializer } from '../../model/initializers.ts'

const count = z.number().int().nonnegative()

/** How long the gradient of each kernel was, on average over the steps since the row before. */
const gradientRow = z.object({
  step: count,
  loss: z.number().nullable(),
  norms: z.array(z.number().nullable()),
})

const activationRun = z.object({
  name: z.string(),
  title: z.string(),
  activation: z.enum(['relu', 'sigmoid', 'tanh', 'linear']),
  initializer,
  /** The layers, from the input on; `norms` are in this order. */
  layers: z.array(z.string()).readonly(),
  rows: z.array(gradientRow).readonly(),
})

/** What the activation does to the gradients of a deep network. */
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

export type ActivationsRecord = z.infer<typeof activationsRecord>
