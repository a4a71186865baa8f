import { join } from 'node:path'
import type { ModelSpec } from '../model/spec.ts'
import type { Recipe, RecipeInput } from '../recipe/settings.ts'
import { recordOrResume } from '../runs/begun-run.ts'
import type { RecordedRun } from '../runs/recorded-run.ts'
import type { ExperimentStream, Laboratory } from './experiment.ts'

/** How one network of an experiment is trained; what is left out is as in the reference. */
export interface ExperimentRun {
  readonly name: string
  readonly model: ModelSpec
  readonly settings: RecipeInput & Pick<Recipe, 'epochs'>
}

/** Trains one network of an experiment, or goes on with it, and tells its events; undefined where it was interrupted. */
export async function* trainRecorded(
  { name, model, settings }: ExperimentRun,
  { directory, runs: _, ...laboratory }: Laboratory,
): ExperimentStream<RecordedRun & { readonly directory: string }> {
  const place = join(directory, name.replaceAll(/[^\w.-]+/g, '-'))
  const stream = recordOrResume({
    ...laboratory,
    directory: place,
    name,
    model,
    settings: { schedule: { kind: 'constant' }, ...settings },
    calibrate: false,
  })
  let next = await stream.next()
  for (; !next.done; next = await stream.next()) {
    yield { type: 'run', name, epochs: settings.epochs, event: next.value }
  }
  return next.value.result.status === 'interrupted' ? undefined : { ...next.value, directory: place }
}
