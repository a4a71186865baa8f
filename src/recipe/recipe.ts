import { z } from 'zod'
import { augmentation } from './augmentation.ts'
import { optimizerSpec } from './optimizers.ts'
import { scheduleSpec } from './schedules.ts'

const share = z.number().min(0).lt(1)

/** How a network is trained, beside how long: as `train` takes it, as a study's plan says it, as a search's point names it. */
export const recipe = z.strictObject({
  batch: z.number().int().positive().exactOptional(),
  optimizer: optimizerSpec.exactOptional(),
  schedule: scheduleSpec.exactOptional(),
  labelSmoothing: share.exactOptional(),
  clipNorm: z.number().positive().exactOptional(),
  averaging: share.exactOptional(),
  augmentation: augmentation.exactOptional(),
})
export type RecipeInput = z.input<typeof recipe>
