import { describeRest, describeSetting } from '../../recipe/describe.ts'
import type { Recipe } from '../../recipe/settings.ts'
import { integer } from '../../visualization/format.ts'
import type { NetworkRecord } from '../record.ts'

/** A setting as a report's table has it. */
export interface Fact {
  readonly name: string
  readonly value: string
}

/** Settings that have a row of their own; all others share one. */
const own = ['optimizer', 'batch', 'epochs', 'loss', 'monitor', 'seed'] as const

/** The name of the row that all other settings share. */
export const REST = 'Recipe'

/** What of a recipe has no row of its own, in words. */
export const describeOthers = (settings: Recipe) => describeRest(settings, [...own, 'earlyStopping'])

/** How a network was trained, in words. */
export function settingsOf({ settings, counts }: NetworkRecord): Fact[] {
  const say = (key: (typeof own)[number]) => describeSetting(settings, key)
  const epochs = settings.earlyStopping
    ? `up to ${say('epochs')}, ${describeSetting(settings, 'earlyStopping')}`
    : say('epochs')
  return [
    { name: 'Optimizer', value: say('optimizer') },
    { name: 'Trained on', value: integer(counts.train) },
    { name: 'Validated on', value: integer(counts.validation) },
    { name: 'Batch', value: `${settings.batch}` },
    { name: 'Epochs', value: epochs },
    { name: 'Loss', value: say('loss') },
    { name: 'Epoch kept by', value: say('monitor') },
    { name: REST, value: describeOthers(settings) },
    { name: 'Seed', value: say('seed') },
  ]
}

const settingOf = (network: NetworkRecord, name: string) =>
  settingsOf(network).find((fact) => fact.name === name)?.value ?? ''

/** Settings whose value is the same everywhere, and the names of those whose value is not, with a row a network. */
export function splitSettings(all: readonly NetworkRecord[]) {
  const names = [...new Set(all.flatMap((network) => settingsOf(network).map(({ name }) => name)))]
  const valuesOf = (name: string) => new Set(all.map((network) => settingOf(network, name)))
  const different = names.filter((name) => valuesOf(name).size > 1)
  return {
    shared: settingsOf(all[0]).filter(({ name }) => !different.includes(name)),
    different,
    rowOf: (network: NetworkRecord, of: readonly string[]) => of.map((name) => settingOf(network, name)),
  }
}
