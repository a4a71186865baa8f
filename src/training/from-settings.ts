import type { Engine } from '../engine/backend.ts'
import type { ModelSpec } from '../model/spec.ts'
import { completeRecipe } from '../recipe/recipe.ts'
import type { Recipe, RecipeInput } from '../recipe/settings.ts'
import type { SplitDataset } from '../record/split-dataset.ts'
import { taskOf, trainingData } from './data.ts'
import { type TrainingOptions, train } from './train.ts'

/** What a record says of a training, and what it runs on. */
export interface TrainingRequest {
  readonly data: Pick<SplitDataset, 'dataset' | 'split'>
  readonly model: ModelSpec
  readonly settings: RecipeInput
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/** The settings of a training with every default written out, as its record keeps them. */
export const recipeOf = ({
  data: { dataset, split },
  model,
  settings,
}: Pick<TrainingRequest, 'data' | 'model' | 'settings'>): Recipe =>
  completeRecipe(settings, taskOf(model, trainingData(dataset, split)))

/** The call to `train` that settings and data amount to. */
export const trainingOf = (
  { data: { dataset, split }, model, settings, engine, signal }: TrainingRequest,
  more: Pick<TrainingOptions, 'resume' | 'look'> = {},
) => train({ ...settings, model, engine, data: trainingData(dataset, split), signal, ...more })
