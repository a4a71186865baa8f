import type { Cell } from '../../src/visualization/table.ts'

/** How a table is sorted: by the column of this key. */
export interface Order {
  readonly key: string
  readonly isDescending: boolean
}

/** An order as it stands in an address, `value` or `-value`; the default where it names no column. */
export function parseOrder(
  text: string,
  columns: readonly { readonly key: string }[],
  otherwise: Order,
): Order {
  const key = text.replace(/^-/, '')
  return columns.some((column) => column.key === key)
    ? { key, isDescending: text.startsWith('-') }
    : otherwise
}

/** An order for an address; empty where it is the default. */
export const formatOrder = ({ key, isDescending }: Order, otherwise?: Order): string =>
  key === otherwise?.key && isDescending === otherwise.isDescending ? '' : `${isDescending ? '-' : ''}${key}`

/** Names with numbers in them in the order in which people count. */
export const compareNames = new Intl.Collator('en', { numeric: true }).compare

/** Rows sorted by a value; those without one come last, whichever way it goes. */
export function sortRows<Row>(
  rows: readonly Row[],
  read: (row: Row) => Cell,
  isDescending: boolean,
  tie: (a: Row, b: Row) => number,
): Row[] {
  const sign = isDescending ? -1 : 1
  const keyed = rows.map((row) => ({ row, value: read(row) }))
  keyed.sort((a, b) => {
    const [x, y] = [a.value, b.value]
    if (x === null || y === null) return Number(x === null) - Number(y === null) || tie(a.row, b.row)
    const difference =
      typeof x === 'number' && typeof y === 'number' ? x - y : compareNames(String(x), String(y))
    return sign * difference || tie(a.row, b.row)
  })
  return keyed.map(({ row }) => row)
}
