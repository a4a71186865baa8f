import { z } from 'zod'
import { initializer } from '../../model/initializers.ts'

/**
 * What is multiplied. A product of n × n matrices with entries uniform in [0, h] grows by about n·h/2 a step, so with
 * [0, 0.1] it shrinks only where n < 20; to reach zero in float32 (below 2^-150 ≈ 7·10⁻⁴⁶) within 100 steps, n·0.05 must be
 * below 0.35, and n at most 7. With [0, 10] any n explodes. Five is small enough for the one and large enough for a spread.
 */
export const multiplicationSettings = z.strictObject({
  size: z.number().int().min(1).max(256).default(5),
  steps: z.number().int().min(1).max(10_000).default(100),
  seed: z.number().int().nonnegative().default(1),
  precision: z.enum(['float32', 'float64']).default('float32'),
  /** Entries are drawn uniformly from each of these. */
  ranges: z
    .array(z.tuple([z.number(), z.number()]))
    .min(1)
    .default([
      [0, 0.1],
      [0, 10],
    ]),
})
export type MultiplicationSettings = z.infer<typeof multiplicationSettings>

/** One network, one optimizer, and several ways to begin. */
export const initializationSettings = z.strictObject({
  multiplication: multiplicationSettings.prefault({}),
  network: z.string().default('mlp-deep-thin'),
  epochs: z.number().int().positive().default(10),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.001),
  seed: z.number().int().nonnegative().default(1),
  runs: z
    .array(z.strictObject({ name: z.string(), title: z.string(), initializer }))
    .min(1)
    .default([
      // The reference's slip: Keras' RandomUniform, with its own limits.
      {
        name: 'random-uniform',
        title: 'random uniform',
        initializer: { kind: 'uniform', low: -0.05, high: 0.05 },
      },
      { name: 'he-uniform', title: 'He', initializer: 'he-uniform' },
    ]),
})
export type InitializationSettings = z.infer<typeof initializationSettings>
