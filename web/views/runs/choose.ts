import { leaves } from '../../../src/base/leaves.ts'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import { describeRecipe } from '../../../src/recipe/describe.ts'
import type { Recipe } from '../../../src/recipe/settings.ts'
import type { Cell } from '../../../src/visualization/table.ts'
import { compareNames, type Order, parseOrder } from '../../parts/order.ts'
import { type RunColumn, runColumns } from './columns.ts'

/** Which runs are shown. */
export interface RunFilter {
  /** Words that must all be found in a run's name, path, settings or status; `-word` must not. */
  readonly words: string
  readonly status: string
  readonly data: string
  /** `top`: none of searches; an id: those within that search or study; empty: all. */
  readonly within: string
}

/** What a run is searched by. Kept, since a list is filtered at every letter. */
const texts = new WeakMap<RunRow, string>()

/** The settings that are on: `optimizer.learningRate=0.01`. */
const settingTexts = (settings: Recipe) =>
  describeRecipe(settings)
    .flatMap(({ key }) => leaves(settings[key], key))
    .map(([path, value]) => `${path}=${value}`)

function textOf(row: RunRow): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const { settings, data, engine } = row
  const parts = [
    ...[row.name, row.path, row.status, row.model, data?.title, data?.source, row.error],
    ...(settings === null ? [] : settingTexts(settings)),
    ...[engine?.backend, engine?.arithmetic],
  ]
  const text = parts
    .filter((part) => part !== undefined && part !== null)
    .join('\n')
    .toLowerCase()
  texts.set(row, text)
  return text
}

/** The runs that match, in the order in which they are given. */
export function filtered(rows: readonly RunRow[], { words, status, data, within }: RunFilter): RunRow[] {
  const terms = words
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '' && term !== '-')
  const fits = (row: RunRow) =>
    (status === '' || row.status === status) &&
    (data === '' || row.data?.title === data) &&
    (within === '' || (within === 'top' ? row.within?.kind !== 'search' : row.within?.id === within)) &&
    terms.every((term) =>
      term.startsWith('-') ? !textOf(row).includes(term.slice(1)) : textOf(row).includes(term),
    )
  return rows.filter(fits)
}

/** The newest first. */
export const newestFirst: Order = { key: 'created', isDescending: true }

/** The order that an address asks for. */
export const parseRunOrder = (text: string): Order => parseOrder(text, runColumns, newestFirst)

/** What pressing a column's head asks for: its own first order, then the other one. */
export function nextOrder({ key, isDescending }: RunColumn, now: Order): Order {
  return now.key === key ? { key, isDescending: !now.isDescending } : { key, isDescending }
}

/** What runs are sorted by in a column. */
export function sortValue(row: RunRow, key: string): Cell {
  const column = runColumns.find((each) => each.key === key) ?? runColumns[0]
  return column.key === 'created' ? row.createdAt : column.value(row)
}

/** By path, where nothing else tells them apart. */
export const compareRuns = (a: RunRow, b: RunRow) => compareNames(a.path, b.path)

/** The statuses that are there, to filter by. */
export function statusesOf(rows: readonly RunRow[]): string[] {
  const order = ['running', 'finished', 'failed', 'interrupted', 'silent', 'corrupt']
  const there = new Set(rows.map(({ status }) => status as string))
  return order.filter((status) => there.has(status))
}

/** The titles of the data that runs were trained on. */
export const dataOf = (rows: readonly RunRow[]): string[] =>
  [...new Set(rows.flatMap(({ data }) => (data === null ? [] : [data.title])))].sort(compareNames)

/** Searches and studies that hold runs, by id. */
export const placesOf = (rows: readonly RunRow[]): string[] =>
  [...new Set(rows.flatMap(({ within }) => (within === null ? [] : [within.id])))].sort(compareNames)
