import type { RunRow } from '../../../src/catalog/run-row.ts'
import { settingColumns } from '../../../src/recipe/describe.ts'
import { capitalized } from '../../../src/visualization/format.ts'
import { type Cell, type Column, column } from '../../../src/visualization/table.ts'
import { shortTime } from '../../parts/short-time.ts'

/** A column of the list: what it is called in addresses, how it is written, and its value in a run. */
export interface RunColumn extends Column {
  readonly key: string
  value(row: RunRow): Cell
  /** Whether the greatest comes first when one sorts by it for the first time. */
  readonly isDescending: boolean
}

const make = (
  key: string,
  shown: Column,
  value: (row: RunRow) => Cell,
  isDescending = shown.align === 'right',
): RunColumn => ({ ...shown, key, value, isDescending })

const share = { type: 'percent', digits: 2 } as const
const loss = { type: 'decimal', digits: 4 } as const

const withEpochs = (row: RunRow) => (row.epochs === 0 ? null : row.epoch)

/** The columns of the list of runs. The first is its name. */
export const runColumns: readonly RunColumn[] = [
  make('name', column.text('Run'), (row) => row.name),
  make('status', column.text('Status'), (row) => row.status),
  make('model', column.text('Network'), (row) => row.model),
  make('data', column.text('Data'), (row) => row.data?.title ?? null),
  make('valAccuracy', column.number('Val. accuracy', share), (row) => row.valAccuracy),
  make('valLoss', column.number('Val. loss', loss), (row) => row.valLoss, false),
  make('test', column.number('Test accuracy', share), (row) => row.test?.accuracy ?? null),
  make('epoch', column.number('Epochs', { type: 'integer' }), withEpochs),
  ...settingColumns
    .filter(({ key }) => key !== 'epochs') // those that are done have a column
    .map(({ key, label, isNumber, value }) =>
      make(
        key,
        isNumber ? column.number(capitalized(label), { type: 'text' }) : column.text(capitalized(label)),
        ({ settings }) => settings && value(settings),
        false,
      ),
    ),
  make('parameters', column.number('Parameters', { type: 'integer' }), (row) => row.parameters),
  make('seconds', column.number('Time', { type: 'duration' }), (row) =>
    row.seconds === 0 ? null : row.seconds,
  ),
  make('created', column.text('Started'), (row) => shortTime(row.createdAt), true),
]
