import { within } from '../base/errors.ts'
import { key } from '../base/random.ts'
import { networkOf } from '../experiments/network-of.ts'
import { checkImages } from '../model/compile.ts'
import { type SplitDataset, sizesOf } from '../record/split-dataset.ts'
import { readSearch, tryBuilding } from '../search/read-search.ts'
import { networksOf, type StudyPlan } from './plan.ts'

/**
 * Refuses a plan with a network or a space that does not fit the images, before anything runs: a stage that cannot be is
 * better known now than after the hours of those before it.
 */
export async function checkPlanOn({ stages, seed }: StudyPlan, { dataset }: SplitDataset): Promise<void> {
  const sizes = sizesOf(dataset)
  for (const [s, stage] of stages.entries()) {
    let at = `stages[${s}]`
    try {
      if (stage.kind === 'search') tryBuilding(await readSearch(stage.space), sizes, key(seed).child('try'))
      for (const [where, network] of networksOf(stage, at)) {
        at = where
        checkImages(networkOf(network, sizes), sizes.imageShape, sizes.classes)
      }
    } catch (error) {
      throw within(at, error)
    }
  }
}
