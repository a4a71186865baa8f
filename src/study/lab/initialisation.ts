import { z } from 'zod'
import { type Initializer, initializer } from '../../model/initializers.ts'
import { network } from '../../model/named.ts'
import type { Engine } from '../../model/network.ts'
import type { RunEvent } from '../../record/events.ts'
import type { InitialisationRecord } from '../../record/lab.ts'
import type { TrainingData } from '../../training/data.ts'
import { train } from '../../training/train.ts'
import type { Experiment } from './events.ts'

/** What an experiment of the lab is given beside its settings. */
export interface Laboratory {
  readonly data: TrainingData
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/** One network, one optimiser, and several ways to begin. */
export const initialisationSettings = z.strictObject({
  network: z.string().default('mlp-deep-thin'),
  epochs: z.number().int().positive().default(10),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.001),
  seed: z.number().int().nonnegative().default(1),
  runs: z
    .array(z.strictObject({ name: z.string(), title: z.string(), initialiser: initializer }))
    .min(1)
    .default([
      // The reference's slip: Keras' RandomUniform, with its own limits.
      {
        name: 'random-uniform',
        title: 'random uniform',
        initialiser: { kind: 'uniform', low: -0.05, high: 0.05 },
      },
      { name: 'he-uniform', title: 'He', initialiser: 'he-uniform' },
    ]),
})
export type InitialisationSettings = z.infer<typeof initialisationSettings>

const authors: Readonly<Record<string, string>> = { he: 'He', glorot: 'Glorot', lecun: 'LeCun' }

/** An initialiser as a person reads it. */
export function describeInitialiser(how: Initializer): string {
  if (typeof how === 'string') {
    return how.replace(/^(he|glorot|lecun)/, (name) => authors[name] ?? name).replace('-', ', ')
  }
  return how.kind === 'uniform'
    ? `uniform in [${how.low}, ${how.high}]`.replaceAll('-', '−')
    : `normal, standard deviation ${how.std}`
}

/** The shape of images and the number of classes, as networks ask for them. */
export const sizesOf = ({ height, width, channels, classes }: TrainingData) => ({
  imageShape: [height, width, channels],
  classes,
})

/** Trains the same network from every beginning; all else is the same, dice included. */
export async function* compareInitialisers(
  settings: InitialisationSettings,
  { data, engine, signal }: Laboratory,
): Experiment<InitialisationRecord> {
  const { epochs, batch, learningRate, seed } = settings
  const runs: InitialisationRecord['runs'][number][] = []
  for (const { name, title, initialiser } of settings.runs) {
    const model = network(settings.network, { ...sizesOf(data), initializer: initialiser })
    const optimizer = { kind: 'adam', learningRate } as const
    const events: RunEvent[] = []
    const stream = train({ model, data, engine, epochs, batch, seed, optimizer, ...(signal && { signal }) })
    for await (const event of stream) {
      if (event.type === 'state') continue
      if (event.type !== 'progress') events.push(event)
      yield { type: 'run', name, epochs, event }
    }
    if (signal?.aborted) return undefined
    runs.push({ name, title, initialiser: describeInitialiser(initialiser), events })
  }
  return {
    network: settings.network,
    activation: 'relu',
    optimiser: `Adam, learning rate ${learningRate}`,
    epochs,
    batch,
    seed,
    classes: data.classes,
    runs,
  }
}
