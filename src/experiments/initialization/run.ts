import { z } from 'zod'
import { type Initializer, initializer } from '../../model/initializers.ts'
import { network } from '../../model/named.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import type { InitializationRecord } from '../lab-record.ts'
import { type Experiment, type Laboratory, trainRecorded } from '../laboratory.ts'

/** One network, one optimizer, and several ways to begin. */
export const initializationSettings = z.strictObject({
  network: z.string().default('mlp-deep-thin'),
  epochs: z.number().int().positive().default(10),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.001),
  seed: z.number().int().nonnegative().default(1),
  runs: z
    .array(z.strictObject({ name: z.string(), title: z.string(), initializer: initializer }))
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

const authors: Readonly<Record<string, string>> = { he: 'He', glorot: 'Glorot', lecun: 'LeCun' }

/** An initializer as a person reads it. */
export function describeInitializer(how: Initializer): string {
  if (typeof how === 'string') {
    return how.replace(/^(he|glorot|lecun)/, (name) => authors[name] ?? name).replace('-', ', ')
  }
  return how.kind === 'uniform'
    ? `uniform in [${how.low}, ${how.high}]`.replaceAll('-', '−')
    : `normal, standard deviation ${how.std}`
}

/** Trains the same network from every beginning; all else is the same, dice included. */
export async function* compareInitializers(
  settings: InitializationSettings,
  laboratory: Laboratory,
): Experiment<InitializationRecord> {
  const { epochs, batch, learningRate, seed } = settings
  const optimizer = { kind: 'adam', learningRate }
  const sizes = sizesOf(laboratory.data.dataset)
  const runs: InitializationRecord['runs'][number][] = []
  for (const { name, title, initializer } of settings.runs) {
    const model = network(settings.network, { ...sizes, initializer: initializer })
    const wanted = { name, model, settings: { epochs, batch, seed, optimizer } }
    const run = yield* trainRecorded(wanted, laboratory)
    if (run === undefined) return undefined
    runs.push({ name, title, initializer: describeInitializer(initializer), events: [...run.events] })
  }
  return {
    network: settings.network,
    activation: 'relu',
    optimizer: `Adam, learning rate ${learningRate}`,
    epochs,
    batch,
    seed,
    classes: sizes.classes,
    runs,
  }
}
