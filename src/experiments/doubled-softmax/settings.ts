import { z } from 'zod'

/** Which networks are trained with softmax once and twice; all else is the reference's. */
export const doubledSoftmaxSettings = z.strictObject({
  networks: z
    .array(z.strictObject({ network: z.string(), title: z.string() }))
    .min(1)
    .default([
      { network: 'mlp-small', title: 'MLP, small' },
      { network: 'mlp-medium', title: 'MLP, medium' },
    ]),
  epochs: z.number().int().positive().default(30),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.01),
  momentum: z.number().min(0).lt(1).default(0.9),
  /** With the first, softmax is applied once and twice; with the others, twice, to see which classes die by chance. */
  seeds: z.array(z.number().int().nonnegative()).min(1).default([1]),
})
export type DoubledSoftmaxSettings = z.infer<typeof doubledSoftmaxSettings>
