import type { RunRow } from '../../../src/catalog/run-row.ts'
import { type RunColumn, runColumns } from './columns.ts'

/** What a person wants to see of the runs. */
export interface RunWishes {
  /** Words that must all be found in a run's name, path, settings or status; `-word` must not. */
  readonly words: string
  readonly status: string
  readonly data: string
  /** `top`: none of searches; an id: those within that search or study; empty: all. */
  readonly within: string
}

/** What a run is searched by. Kept, since a list is filtered at every letter. */
const texts = new WeakMap<RunRow, string>()

function textOf(row: RunRow): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const { settings, data, engine } = row
  const parts = [
    ...[row.name, row.path, row.status, row.model, data?.title, data?.source, row.error],
    ...[settings?.optimizer.kind, settings && `batch=${settings.batch}`, settings && `seed=${settings.seed}`],
    ...[settings && `rate=${settings.optimizer.learningRate}`, settings?.schedule?.kind, settings?.loss],
    ...[engine?.backend, engine?.arithmetic],
  ]
  const text = parts
    .filter((part) => part !== undefined && part !== null)
    .join('\n')
    .toLowerCase()
  texts.set(row, text)
  return text
}

/** The runs that are wanted, in the order in which they are given. */
export function wanted(rows: readonly RunRow[], { words, status, data, within }: RunWishes): RunRow[] {
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

/** An order: `valAccuracy` or `-valAccuracy` for the greatest first. */
export interface Order {
  readonly key: string
  readonly isDescending: boolean
}

/** The newest first. */
export const usualOrder: Order = { key: 'created', isDescending: true }

/** An order as it stands in an address. */
export function readOrder(text: string): Order {
  const key = text.replace(/^-/, '')
  return runColumns.some((each) => each.key === key)
    ? { key, isDescending: text.startsWith('-') }
    : usualOrder
}

/** An order for an address; empty where it is the usual one. */
export const writeOrder = ({ key, isDescending }: Order): string =>
  key === usualOrder.key && isDescending === usualOrder.isDescending ? '' : `${isDescending ? '-' : ''}${key}`

/** What a press on a column's head asks for: its own first order, then the other one. */
export function nextOrder({ key, isDescending }: RunColumn, now: Order): Order {
  return now.key === key ? { key, isDescending: !now.isDescending } : { key, isDescending }
}

const compare = new Intl.Collator('en', { numeric: true }).compare

/** Runs in an order; those without a value come last, whichever way it goes. */
export function sorted(rows: readonly RunRow[], { key, isDescending }: Order): RunRow[] {
  const by = runColumns.find((each) => each.key === key) ?? runColumns[0]
  const sign = isDescending ? -1 : 1
  const keyed = rows.map((row) => ({ row, value: by.key === 'created' ? row.createdAt : by.value(row) }))
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
    const difference =
      typeof a.value === 'number' && typeof b.value === 'number'
        ? a.value - b.value
        : compare(String(a.value), String(b.value))
    return sign * difference || compare(a.row.path, b.row.path)
  })
  return keyed.map(({ row }) => row)
}

/** What a list may be narrowed to, from what is there. */
export function statusesOf(rows: readonly RunRow[]): string[] {
  const order = ['running', 'finished', 'failed', 'interrupted', 'silent', 'corrupt']
  const there = new Set(rows.map(({ status }) => status as string))
  return order.filter((status) => there.has(status))
}

/** The titles of the data that runs were trained on. */
export const dataOf = (rows: readonly RunRow[]): string[] =>
  [...new Set(rows.flatMap(({ data }) => (data === null ? [] : [data.title])))].sort(compare)

/** Searches and studies that hold runs, by id. */
export const placesOf = (rows: readonly RunRow[]): string[] =>
  [...new Set(rows.flatMap(({ within }) => (within === null ? [] : [within.id])))].sort(compare)
