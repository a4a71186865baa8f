import { z } from 'zod'
import { initializer } from '../../model/initializers.ts'

/** One network, plain gradient descent, and several activations, each begun as suits it. */
export const activationSettings = z.strictObject({
  network: z.string().default('mlp-deep-thin'),
  steps: z.number().int().positive().default(6000),
  /** Steps between two rows. */
  every: z.number().int().positive().default(100),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.01),
  seed: z.number().int().nonnegative().default(1),
  runs: z
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        activation: z.enum(['relu', 'sigmoid', 'tanh', 'linear']),
        initializer,
      }),
    )
    .min(1)
    .default([
      { name: 'sigmoid', title: 'sigmoid', activation: 'sigmoid', initializer: 'glorot-uniform' },
      { name: 'relu', title: 'ReLU', activation: 'relu', initializer: 'he-uniform' },
    ]),
})
export type ActivationSettings = z.infer<typeof activationSettings>
