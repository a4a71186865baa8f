import {
  type ClassifierComparison,
  type ClassifierPredictions,
  compareClassifiers,
} from '../evaluation/compare-classifiers.ts'
import { type RunRecord, readTest } from './run.ts'
import { flatSettings } from './settings-differences.ts'

/** Reads the labels of the test images anew, for records of older versions that lack them; undefined where they cannot be had. */
export type LabelsOf = (run: RunRecord) => Promise<ArrayLike<number> | undefined>

interface Tested {
  readonly run: RunRecord
  readonly dataHash: string
  readonly predicted: readonly number[]
  readonly truth: readonly number[] | undefined
}

async function testedRun(run: RunRecord): Promise<Tested | undefined> {
  const test = await readTest(run)
  if (test?.predicted === undefined) return undefined
  const { predicted, truth, dataHash = run.manifest.data.hash } = test
  return { run, dataHash, predicted, truth }
}

/** Runs that differ in nothing but the seed are one classifier; one that repeats a seed begins another. */
function groupBySettings(tested: readonly Tested[]): Tested[][] {
  const groups = new Map<string, Tested[]>()
  for (const one of tested) {
    const { seed, ...rest } = Object.fromEntries(flatSettings(one.run.manifest))
    const name = (round: number) => JSON.stringify([rest, round])
    let round = 0
    while (groups.get(name(round))?.some(({ run }) => String(run.manifest.settings.seed) === seed)) round++
    groups.set(name(round), [...(groups.get(name(round)) ?? []), one])
  }
  return [...groups.values()]
}

const classifierOf = (group: readonly Tested[]): ClassifierPredictions => ({
  name: group[0].run.directory,
  predictions: group.map(({ predicted }) => predicted),
  seeds: group.map(({ run }) => run.manifest.settings.seed),
})

/** Runs that were tested on the same images, set beside each other by what they said of them. */
export interface TestedComparison {
  /** Classifiers bear the directory of their first run. */
  readonly comparison: ClassifierComparison
  /** The directories of each classifier's runs, one a seed. */
  readonly runs: readonly (readonly string[])[]
}

/** Compares runs by their predictions; undefined where fewer than two recipes were tested on the same images. */
export async function compareTested(
  runs: readonly RunRecord[],
  labelsOf: LabelsOf,
): Promise<TestedComparison | undefined> {
  const tested = (await Promise.all(runs.map(testedRun))).filter((one) => one !== undefined)
  const groups = groupBySettings(tested)
  if (groups.length < 2 || new Set(tested.map(({ dataHash }) => dataHash)).size > 1) return undefined
  const truth = tested.find((one) => one.truth !== undefined)?.truth ?? (await labelsOf(tested[0].run))
  if (truth === undefined) return undefined
  return {
    comparison: compareClassifiers(truth, groups.map(classifierOf)),
    runs: groups.map((group) => group.map(({ run }) => run.directory)),
  }
}
