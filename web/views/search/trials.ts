import { type SearchRecord, type TrialRecord, varying } from '../../../src/search/record.ts'
import type { Cell, Column } from '../../../src/visualization/table.ts'
import { column } from '../../../src/visualization/table.ts'

/** A column of the table of trials. */
export interface TrialColumn extends Column {
  readonly key: string
  value(trial: TrialRecord): Cell
}

const scalar = (value: string | number | boolean | undefined): Cell =>
  value === undefined ? null : typeof value === 'boolean' ? String(value) : value

/** The columns of a search's trials: number, state, value, a column a parameter, epochs and time. */
export function trialColumns({ axes, metric }: Pick<SearchRecord, 'axes' | 'metric'>): TrialColumn[] {
  const format = metric.endsWith('acc')
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
      value: (trial) => trial.round_epochs ?? trial.steps.length,
    },
    {
      ...column.number('Time', { type: 'duration' }),
      key: 'time',
      value: ({ duration }) => duration ?? null,
    },
  ]
}

const short = (value: Cell): Cell =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value

/** An order of trials as it stands in an address: `value` or `-value`. */
export interface TrialOrder {
  readonly key: string
  readonly isDescending: boolean
}

/** The order that an address asks for; the best first where it asks for none. */
export function readTrialOrder(text: string, record: SearchRecord): TrialOrder {
  const key = text.replace(/^-/, '')
  return trialColumns(record).some((each) => each.key === key)
    ? { key, isDescending: text.startsWith('-') }
    : { key: 'value', isDescending: record.direction === 'maximize' }
}

const compare = new Intl.Collator('en', { numeric: true }).compare

/** Trials in an order; those without a value come last. */
export function sortedTrials(
  record: SearchRecord,
  trials: readonly TrialRecord[],
  { key, isDescending }: TrialOrder,
): TrialRecord[] {
  const columns = trialColumns(record)
  const { value } = columns.find((each) => each.key === key) ?? columns[0]
  const sign = isDescending ? -1 : 1
  return [...trials].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.trial - b.trial
    const difference = typeof x === 'number' && typeof y === 'number' ? x - y : compare(String(x), String(y))
    return sign * difference || a.trial - b.trial
  })
}
