import type { z } from 'zod'
import { checkAugmentation } from './augmentation.ts'
import { complete, completeCheck, givenCheck } from './check.ts'
import type { Task } from './setting.ts'
import { type Recipe, type RecipeInput, settings } from './settings.ts'

/** The check of a recipe as one writes it. */
export const recipeInput: z.ZodType<RecipeInput, RecipeInput> = givenCheck(settings)
/** The check of a recipe in which everything is said. */
export const recipe: z.ZodType<Recipe, Recipe> = completeCheck(settings)

/** Checks a recipe and writes out every default; throws an InputError that names the setting. */
export function completeRecipe(given: RecipeInput, task: Task): Recipe {
  const recipe = complete(settings, given, task)
  if (recipe.augmentation) checkAugmentation(recipe.augmentation, task.imageShape)
  return recipe
}
