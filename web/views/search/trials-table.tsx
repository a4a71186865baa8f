import { useMemo } from 'preact/hooks'
import type { SearchRecord, TrialRecord } from '../../../src/search/record.ts'
import { formatCell } from '../../../src/visualization/table.ts'
import { Pager, within } from '../../parts/pager.tsx'
import { rememberMore } from '../../parts/query.ts'
import { SortHead } from '../../parts/sort-head.tsx'
import { addressOf, place } from '../../router.ts'
import { runIdOf } from './follow.ts'
import { readTrialOrder, sortedTrials, trialColumns } from './trials.ts'

/** Trials of one page. */
const SIZE = 25

interface TrialsTableProps {
  readonly id: string
  readonly record: SearchRecord
  readonly trials: readonly TrialRecord[]
}

/** Trials with their parameters and what came of them; a number opens the run. */
export function TrialsTable({ id, record, trials }: TrialsTableProps) {
  const { query } = place.value
  const order = readTrialOrder(query.get('sort') ?? '', record)
  const columns = useMemo(() => trialColumns(record), [record])
  const rows = sortedTrials(record, trials, order)
  const page = within(Number(query.get('page') ?? 0), rows.length, SIZE)
  const press = (key: string) => {
    const isDescending =
      order.key === key ? !order.isDescending : key === 'value' && record.direction === 'maximize'
    rememberMore({ sort: `${isDescending ? '-' : ''}${key}`, page: undefined })
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="scroll" tabIndex={0} aria-label="Trials">
        <table>
          <caption class="unseen">Trials</caption>
          <thead>
            <tr>
              {columns.map(({ key, title, align }) => (
                <SortHead
                  key={key}
                  title={title}
                  align={align}
                  sorted={order.key === key ? (order.isDescending ? 'descending' : 'ascending') : undefined}
                  onPress={() => press(key)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(page * SIZE, (page + 1) * SIZE).map((trial) => (
              <tr key={trial.trial} class={trial.trial === record.best?.trial ? 'highlight' : ''}>
                {columns.map(({ key, value, format, align }) =>
                  key === 'trial' ? (
                    <th key={key} scope="row" class={align}>
                      <a href={addressOf('runs', { run: runIdOf(id, trial.trial) })}>
                        <span class="unseen">Run of trial </span>
                        {trial.trial}
                      </a>
                    </th>
                  ) : (
                    <td key={key} class={align} title={key === 'state' ? trial.message : undefined}>
                      {formatCell(value(trial), format)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Pager
        noun="trial"
        total={rows.length}
        size={SIZE}
        page={page}
        onPage={(next) => rememberMore({ page: next === 0 ? undefined : String(next) })}
      />
    </>
  )
}
