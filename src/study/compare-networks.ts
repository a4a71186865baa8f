import { join } from 'node:path'
import { type ClassifierPredictions, compareClassifiers } from '../evaluation/compare-classifiers.ts'
import type { ComparisonRecord } from '../record/comparison.ts'
import { readRun, readTest } from '../runs/run.ts'
import type { NetworkRecord } from './record.ts'

/** The runs of a network that were tested, the first first. */
const testedRuns = ({ run, seeds, test }: NetworkRecord) =>
  seeds === undefined
    ? [{ run, seed: undefined, test }]
    : seeds.filter((one) => one.run === run || one.test !== null)

/** The tested networks of a study against each other, by what their runs said of the test images; undefined of fewer than two. */
export async function compareNetworks(
  directory: string,
  networks: readonly NetworkRecord[],
): Promise<ComparisonRecord | undefined> {
  let labels: readonly number[] | undefined
  const classifiers: ClassifierPredictions[] = []
  for (const network of networks.filter(({ test }) => test !== null)) {
    const runs = testedRuns(network)
    const tests = await Promise.all(
      runs.map(async ({ run }) => readTest(await readRun(join(directory, run)))),
    )
    labels ??= tests[0]?.truth
    classifiers.push({
      name: network.name,
      predictions: tests.map((test) => test?.predicted ?? []),
      ...(network.seeds && { seeds: runs.map(({ seed }) => seed!) }),
    })
  }
  return labels === undefined || classifiers.length < 2 ? undefined : compareClassifiers(labels, classifiers)
}
