import { within } from '../base/errors.ts'
import { key } from '../base/random.ts'
import { networkOf } from '../experiments/network-of.ts'
import { checkImages } from '../model/compile.ts'
import { type SplitDataset, sizesOf } from '../record/split-dataset.ts'
import { readSearch, tryBuilding } from '../search/read-search.ts'
import { recipeOf } from '../training/from-settings.ts'
import { networksOf, type StudyPlan } from './plan.ts'
import { settingsOf } from './stages/networks.ts'

/**
 * Refuses a plan with a network, a space or a setting that does not fit the images, before anything runs: a stage that
 * cannot be is better known now than after the hours of those before it.
 */
export async function checkPlanOn(plan: StudyPlan, data: SplitDataset): Promise<void> {
  const { seed } = plan
  const sizes = sizesOf(data.dataset)
  for (const [s, stage] of plan.stages.entries()) {
    let at = `stages[${s}]`
    try {
      if (stage.kind === 'search') tryBuilding(await readSearch(stage.space), sizes, key(seed).child('try'))
      for (const [where, network] of networksOf(stage, at)) {
        at = where
        checkImages(networkOf(network, sizes), sizes.imageShape, sizes.classes)
      }
      if (stage.kind !== 'networks') continue
      for (const [r, run] of stage.runs.entries()) {
        at = `stages[${s}].runs[${r}]`
        recipeOf({ data, model: networkOf(run.network, sizes), settings: settingsOf(plan, run, seed) })
      }
    } catch (error) {
      throw within(at, error)
    }
  }
}
