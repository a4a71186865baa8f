import type { RunRow } from '../../../src/catalog/run-row.ts'
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
const rate = { type: 'text' } as const

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
  make('optimizer', column.text('Optimizer'), (row) => row.settings?.optimizer.kind ?? null),
  make('rate', column.number('Learning rate', rate), (row) => row.settings?.optimizer.learningRate ?? null),
  make('batch', column.number('Batch', { type: 'integer' }), (row) => row.settings?.batch ?? null),
  make('seed', column.number('Seed', { type: 'text' }), (row) => row.settings?.seed ?? null, false),
  make('parameters', column.number('Parameters', { type: 'integer' }), (row) => row.parameters),
  make('seconds', column.number('Time', { type: 'duration' }), (row) =>
    row.seconds === 0 ? null : row.seconds,
  ),
  make('created', column.text('Started'), (row) => shortTime(row.createdAt), true),
]
