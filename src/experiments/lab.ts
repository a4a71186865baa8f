import { z } from 'zod'
import { activationSettings, compareActivations } from './activations/run.ts'
import { multiplicationSettings, simulateMultiplication } from './initialization/multiplication.ts'
import { compareInitialisers, initialisationSettings } from './initialization/run.ts'
import type { LabRecord } from './lab-record.ts'
import type { Experiment, Laboratory } from './laboratory.ts'

/** The lab as data; `labSettings.parse({})` is the reference's. */
export const labSettings = z.strictObject({
  multiplication: multiplicationSettings.prefault({}),
  initialisation: initialisationSettings.prefault({}),
  activations: activationSettings.prefault({}),
})
export type LabSettings = z.infer<typeof labSettings>

/** The initialisation lab from its first number to its last; returns nothing where it was interrupted. */
export async function* lab(settings: LabSettings, laboratory: Laboratory): Experiment<LabRecord> {
  const multiplication = simulateMultiplication(settings.multiplication)
  const initialisation = yield* compareInitialisers(settings.initialisation, laboratory)
  if (initialisation === undefined) return undefined
  const activations = yield* compareActivations(settings.activations, laboratory)
  return activations && { multiplication, initialisation, activations }
}
