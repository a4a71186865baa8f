import { z } from 'zod'
import { activationSettings, compareActivations } from './activations/run.ts'
import { multiplicationSettings, simulateMultiplication } from './initialization/multiplication.ts'
import { compareInitializers, initializationSettings } from './initialization/run.ts'
import type { LabRecord } from './lab-record.ts'
import type { Experiment, Laboratory } from './laboratory.ts'

/** The lab as data; `labSettings.parse({})` is the reference's. */
export const labSettings = z.strictObject({
  multiplication: multiplicationSettings.prefault({}),
  initialization: initializationSettings.prefault({}),
  activations: activationSettings.prefault({}),
})
export type LabSettings = z.infer<typeof labSettings>

/** The initialization lab from its first number to its last; returns nothing where it was interrupted. */
export async function* lab(settings: LabSettings, laboratory: Laboratory): Experiment<LabRecord> {
  const multiplication = simulateMultiplication(settings.multiplication)
  const initialization = yield* compareInitializers(settings.initialization, laboratory)
  if (initialization === undefined) return undefined
  const activations = yield* compareActivations(settings.activations, laboratory)
  return activations && { multiplication, initialization, activations }
}
