import { z } from 'zod'
import { engineSpec } from '../engine/backend.ts'
import { modelSpec } from '../model/spec.ts'
import { pictureForm } from '../pictures/form.ts'
import { recipe } from '../recipe/recipe.ts'
import type { Recipe } from '../recipe/settings.ts'
import { speakOut } from '../recipe/version-1.ts'
import { upgraded } from './version-1.ts'

const count = z.number().int().nonnegative()

/** How pixel bytes become numbers: byte·scale + shift. */
export const preprocessing = z.object({ scale: z.number(), shift: z.number() })

/** What was trained on: enough to find it again and to know that it is the same. */
export const dataRecord = z.object({
  source: z.string(),
  /** Where the source's relative path begins, as a path from the run's directory. */
  base: z.string().optional(),
  title: z.string(),
  hash: z.string(),
  classNames: z.array(z.string()),
  height: count,
  width: count,
  channels: count,
  /** How its pictures were prepared; missing in older records. */
  form: pictureForm.optional(),
  split: z.object({
    validation: z.number(),
    seed: count,
    hash: z.string(),
    counts: z.object({ train: count, validation: count, test: count }),
  }),
})
export type DataRecord = z.infer<typeof dataRecord>

/** What a run's bits depend on (arithmetic), and what they do not (the rest), for the reader. */
export const engineRecord = z.object({
  backend: engineSpec.shape.backend,
  variant: z.string(),
  arithmetic: engineSpec.shape.arithmetic,
  threads: engineSpec.shape.threads,
})

export const environmentRecord = z.object({
  atelier: z.string(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: z.number(),
  gitRevision: z.string().optional(),
})
export type EnvironmentRecord = z.infer<typeof environmentRecord>

/** Everything that training was asked for. */
export type SettingsRecord = Recipe

/** A run's `manifest.json`: what repeats it. */
const manifest2 = z.object({
  schemaVersion: z.literal(2),
  name: z.string(),
  createdAt: z.string(),
  command: z.string(),
  model: modelSpec,
  parameters: count,
  settings: recipe,
  data: dataRecord,
  engine: engineRecord,
  environment: environmentRecord,
})

/** In version 1 settings might be left out that every run has now. */
export const manifest = upgraded(manifest2, ({ settings, ...rest }) => ({
  ...rest,
  settings: speakOut(settings),
}))
export type Manifest = z.infer<typeof manifest>
