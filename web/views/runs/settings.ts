import { differencesAmong, leaves } from '../../../src/base/leaves.ts'
import type { RunRow } from '../../../src/catalog/run-row.ts'

/** Everything that a run was asked for, a name a value: `optimizer.learningRate`. */
export const flatSettings = ({
  model,
  layers,
  data,
  settings,
  engine,
}: RunRow): Map<string, string | number> =>
  new Map(
    [
      ...leaves({
        model,
        layers,
        data: data && { source: data.source, hash: data.hash.slice(0, 12), split: data.split },
      }),
      ...leaves(settings),
      ...leaves({ engine: engine && { arithmetic: engine.arithmetic, backend: engine.backend } }),
    ].map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  )

/** The settings in which runs differ, each with its value in every run. */
export const differences = (rows: readonly RunRow[]) => differencesAmong(rows.map(flatSettings))

/** Runs that differ in their seed alone. */
export interface SeedGroup {
  /** The same for all of them, and for no others. */
  readonly key: string
  readonly rows: readonly RunRow[]
}

/** What runs must share to be called the same but for the seed. */
export function groupKey(row: RunRow): string {
  if (row.settings === null || row.data === null) return `alone ${row.id}`
  const { seed, ...rest } = row.settings
  return JSON.stringify([row.model, row.layers, row.data.hash, row.data.split, rest, row.engine?.arithmetic])
}

/** Runs put together with those that differ in the seed alone, in the order of the first of each. */
export function seedGroups(rows: readonly RunRow[]): SeedGroup[] {
  const groups = new Map<string, RunRow[]>()
  for (const row of rows) {
    const key = groupKey(row)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [row])
    else known.push(row)
  }
  return [...groups].map(([key, members]) => ({ key, rows: members }))
}
