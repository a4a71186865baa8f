import { useMemo } from 'preact/hooks'
import type { SearchRecord, TrialRecord } from '../../../src/search/record.ts'
import { formatCell } from '../../../src/visualization/table.ts'
import { hrefOf, route, updateQuery } from '../../base/router.ts'
import { formatOrder } from '../../parts/order.ts'
import { currentPage, Pager } from '../../parts/pager.tsx'
import { ScrollTable } from '../../parts/scroll-table.tsx'
import { SortHead } from '../../parts/sort-head.tsx'
import { runIdOf } from './follow.ts'
import { nextTrialOrder, parseTrialOrder, sortedTrials, trialColumns } from './trials.ts'

/** Trials of one page. */
const SIZE = 25

interface TrialsTableProps {
  readonly id: string
  readonly record: SearchRecord
  readonly trials: readonly TrialRecord[]
}

/** Trials with their parameters and what came of them; a trial's number opens its run. */
export function TrialsTable({ id, record, trials }: TrialsTableProps) {
  const order = parseTrialOrder(route.value.query.get('sort') ?? '', record)
  const columns = useMemo(() => trialColumns(record), [record])
  const rows = sortedTrials(record, trials, order)
  const page = currentPage(rows.length, SIZE)
  const sortBy = (key: string) =>
    updateQuery({ sort: formatOrder(nextTrialOrder(key, order, record)), page: undefined })
  return (
    <>
      <ScrollTable label="Trials">
        <thead>
          <tr>
            {columns.map((column) => (
              <SortHead key={column.key} column={column} order={order} onPress={() => sortBy(column.key)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(page * SIZE, (page + 1) * SIZE).map((trial) => (
            <tr key={trial.trial} class={trial.trial === record.best?.trial ? 'highlight' : ''}>
              {columns.map(({ key, value, format, align }) =>
                key === 'trial' ? (
                  <th key={key} scope="row" class={align}>
                    <a href={hrefOf('runs', { run: runIdOf(id, trial.trial) })}>
                      <span class="visually-hidden">Run of trial </span>
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
      </ScrollTable>
      <Pager noun="trial" total={rows.length} size={SIZE} />
    </>
  )
}
