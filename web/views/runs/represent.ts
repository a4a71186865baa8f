import { spreadOf } from '../../../src/base/statistics/spread.ts'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import { type Format, formatCell } from '../../../src/visualization/table.ts'
import type { RunColumn } from './columns.ts'
import { seedGroups } from './settings.ts'

/** A line of the list: a run, or the means of several that differ in the seed alone. */
export interface Line {
  /** Its figures; means where there are several runs. */
  readonly row: RunRow
  readonly rows: readonly RunRow[]
  /** Half the 95 % interval of a mean, by the key of its column. */
  readonly halves: ReadonlyMap<string, number>
}

/** Every run as a line of its own. */
export const singles = (rows: readonly RunRow[]): Line[] =>
  rows.map((row) => ({ row, rows: [row], halves: new Map() }))

const figures = ['loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds'] as const

function meanOf(rows: readonly RunRow[]): Line {
  const halves = new Map<string, number>()
  const mean = (key: string, values: readonly (number | null)[]) => {
    const there = values.filter((value) => value !== null)
    if (there.length === 0) return null
    const spread = spreadOf(there)
    if (spread.ci95HalfWidth !== undefined) halves.set(key, spread.ci95HalfWidth)
    return spread.mean
  }
  const means = Object.fromEntries(
    figures.map((key) => [
      key,
      mean(
        key,
        rows.map((row) => row[key]),
      ),
    ]),
  )
  const accuracy = mean(
    'test',
    rows.map(({ test }) => test?.accuracy ?? null),
  )
  const test = accuracy === null ? null : { loss: Number.NaN, accuracy, count: 0 }
  return { row: { ...rows[0], ...means, test }, rows, halves }
}

/** Runs that differ in the seed alone as one line, with the means of their figures. */
export const grouped = (rows: readonly RunRow[]): Line[] =>
  seedGroups(rows).map((group) => (group.rows.length === 1 ? singles(group.rows)[0] : meanOf(group.rows)))

/** What a line is called. */
export const nameOfLine = ({ row, rows }: Line): string =>
  rows.length > 1 ? `${row.name} × ${rows.length}` : row.name

/** A number of decimals is enough for half an interval. */
const bare = (format: Format): Format =>
  format.type === 'percent' ? { type: 'decimal', digits: format.digits } : format

/** What stands in a cell of the list. */
export function cellText(line: Line, column: RunColumn): string {
  const { row, rows, halves } = line
  if (column.key === 'name') return nameOfLine(line)
  if (rows.length > 1 && !halves.has(column.key)) {
    const values = new Set(rows.map((each) => column.value(each)))
    if (column.key === 'seed') return [...values].join(', ')
    if (values.size > 1 && column.value(row) === column.value(rows[0])) return 'differ'
  }
  const value = column.value(row)
  if (column.key === 'epoch' && value !== null && row.epoch < row.epochs) return `${value}/${row.epochs}`
  const half = halves.get(column.key)
  const text = formatCell(value, column.format)
  if (half === undefined || column.format.type === 'duration') return text
  const share = column.format.type === 'percent' ? 100 * half : half
  return `${text} ± ${formatCell(share, bare(column.format))}`
}
