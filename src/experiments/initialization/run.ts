import { network } from '../../model/named.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import type { ExperimentStream, Laboratory } from '../experiment.ts'
import { trainRecorded } from '../laboratory.ts'
import { simulateMultiplication } from './multiplication.ts'
import type { InitializationRecord } from './record.ts'
import type { InitializationSettings } from './settings.ts'

/** Multiplies matrices, then trains the same network from every beginning; all else is the same, dice included. */
export async function* compareInitializers(
  settings: InitializationSettings,
  laboratory: Laboratory,
): ExperimentStream<InitializationRecord> {
  const { epochs, batch, learningRate, seed } = settings
  const optimizer = { kind: 'adam', learningRate } as const
  const sizes = sizesOf(laboratory.data.dataset)
  const runs: InitializationRecord['runs'][number][] = []
  for (const { name, title, initializer } of settings.runs) {
    const model = network(settings.network, { ...sizes, initializer })
    const wanted = { name, model, settings: { epochs, batch, seed, optimizer } }
    const run = yield* trainRecorded(wanted, laboratory)
    if (run === undefined) return undefined
    runs.push({ name, title, initializer, events: [...run.events] })
  }
  return {
    multiplication: simulateMultiplication(settings.multiplication),
    network: settings.network,
    learningRate,
    epochs,
    batch,
    seed,
    classes: sizes.classes,
    runs,
  }
}
