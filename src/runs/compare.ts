import { wilson } from '../base/statistics/shares.ts'
import type { Manifest } from '../record/manifest.ts'
import { compareTested, type LabelsOf, type TestedComparison } from './compare-tested.ts'
import { type RunRecord, readRun, readTest } from './run.ts'
import { type SettingsDifference, settingsDifferences } from './settings-differences.ts'
import { summarize } from './summarize.ts'

/** One run in a comparison; null where it did not come so far. */
export interface ComparisonRow {
  readonly run: string
  readonly model: string
  readonly parameters: number
  readonly epochs: number
  readonly bestEpoch: number | null
  readonly seconds: number
  readonly weightsHash: string | null
  readonly validation: { readonly loss: number | null; readonly accuracy: number | null } | null
  /** With Wilson's 95 % interval of the accuracy, which the size of the test set sets. */
  readonly test: {
    readonly loss: number
    readonly accuracy: number
    readonly ci95: readonly [number, number]
  } | null
}

export interface Comparison {
  readonly rows: readonly ComparisonRow[]
  /** Settings that are not the same in all runs, with each run's value. */
  readonly differences: readonly SettingsDifference[]
  /** By their predictions of the same test images, where two recipes or more were tested. */
  readonly tested: TestedComparison | undefined
  /** Sentences on what may and may not be concluded. */
  readonly remarks: readonly string[]
  /** What was mended on reading the records. */
  readonly warnings: readonly string[]
}

async function testOf(run: RunRecord): Promise<ComparisonRow['test']> {
  const test = await readTest(run)
  if (test === undefined) return null
  const { loss, accuracy, count } = test
  const { low, high } = wilson(accuracy, count)
  return { loss, accuracy, ci95: [low, high] }
}

async function rowOf(run: RunRecord): Promise<ComparisonRow> {
  const { manifest, events, directory } = run
  const { history, best, seconds, weightsHash, validation } = summarize(events)
  return {
    run: directory,
    model: manifest.model.name,
    parameters: manifest.parameters,
    epochs: history.length,
    bestEpoch: best?.epoch ?? null,
    seconds,
    weightsHash: weightsHash ?? null,
    validation: validation ?? null,
    test: await testOf(run),
  }
}

function remarksOn(rows: readonly ComparisonRow[], manifests: readonly Manifest[]): string[] {
  const remarks: string[] = []
  if (new Set(manifests.map(({ data }) => data.hash)).size > 1) {
    remarks.push('The runs were trained on different data: their figures cannot be compared.')
  } else if (new Set(manifests.map(({ data }) => data.split.hash)).size > 1) {
    remarks.push('The runs were split differently: their validation figures are on different images.')
  }
  const untested = rows.filter(({ test }) => test === null)
  if (untested.length > 0) {
    remarks.push(
      `Not evaluated on the test split: ${untested.map(({ run }) => run).join(', ')} (atelier evaluate RUN).`,
    )
  }
  return remarks
}

/** Reads runs and lays them side by side; `labelsOf` is asked where no record holds the labels of the test images. */
export async function compareRuns(directories: readonly string[], labelsOf: LabelsOf): Promise<Comparison> {
  const runs = await Promise.all(directories.map(readRun))
  const manifests = runs.map(({ manifest }) => manifest)
  const rows = await Promise.all(runs.map(rowOf))
  return {
    rows,
    differences: settingsDifferences(manifests),
    tested: await compareTested(runs, labelsOf),
    remarks: remarksOn(rows, manifests),
    warnings: runs.flatMap((run) => run.warnings),
  }
}
