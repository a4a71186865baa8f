import { type MonitorName, monitors } from '../../../src/recipe/early-stopping.ts'
import { type SearchRecord, type TrialRecord, varying } from '../../../src/search/record.ts'
import { decimal, percent } from '../../../src/visualization/format.ts'
import { type Cell, type Column, column } from '../../../src/visualization/table.ts'
import { type Order, parseOrder, sortRows } from '../../parts/order.ts'

/** A column of the table of trials. */
export interface TrialColumn extends Column {
  readonly key: string
  value(trial: TrialRecord): Cell
}

const scalar = (value: string | number | boolean | undefined): Cell =>
  value === undefined ? null : typeof value === 'boolean' ? String(value) : value

/** A value of a search: an accuracy as a percentage. */
export const valueText = (metric: MonitorName | null, value: number) =>
  metric !== null && monitors[metric].isShare ? percent(value, 2) : decimal(value, 4)

/** The columns of a search's trials: number, state, value, a column a parameter, epochs and time. */
export function trialColumns({ axes, metric }: Pick<SearchRecord, 'axes' | 'metric'>): TrialColumn[] {
  const format = monitors[metric].isShare
    ? ({ type: 'percent', digits: 2 } as const)
    : ({ type: 'decimal', digits: 4 } as const)
  return [
    { ...column.number('Trial', { type: 'integer' }), key: 'trial', value: ({ trial }) => trial },
    { ...column.text('State'), key: 'state', value: ({ state }) => state },
    { ...column.number('Value', format), key: 'value', value: ({ value }) => value },
    ...varying(axes).map(({ name, values }): TrialColumn => {
      const isText = values?.some((value) => typeof value !== 'number') ?? false
      const shown = isText ? column.text(name) : column.number(name, { type: 'text' })
      return {
        ...shown,
        key: `parameter ${name}`,
        value: ({ parameters }) => short(scalar(parameters[name])),
      }
    }),
    {
      ...column.number('Epochs', { type: 'integer' }),
      key: 'epochs',
      value: (trial) => trial.epochs ?? trial.steps.length,
    },
    {
      ...column.number('Time', { type: 'duration' }),
      key: 'time',
      value: ({ seconds }) => seconds ?? null,
    },
  ]
}

const short = (value: Cell): Cell =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value

/** The best first. */
const bestFirst = ({ direction }: SearchRecord): Order => ({
  key: 'value',
  isDescending: direction === 'maximize',
})

/** The order that an address asks for. */
export const parseTrialOrder = (text: string, record: SearchRecord): Order =>
  parseOrder(text, trialColumns(record), bestFirst(record))

/** What pressing a column's head asks for: the better values first, then the other way. */
export const nextTrialOrder = (key: string, now: Order, record: SearchRecord): Order => ({
  key,
  isDescending: now.key === key ? !now.isDescending : key === 'value' && bestFirst(record).isDescending,
})

/** Trials in an order; those without a value come last. */
export function sortedTrials(
  record: SearchRecord,
  trials: readonly TrialRecord[],
  { key, isDescending }: Order,
): TrialRecord[] {
  const columns = trialColumns(record)
  const { value } = columns.find((each) => each.key === key) ?? columns[0]
  return sortRows(trials, value, isDescending, (a, b) => a.trial - b.trial)
}
