import { useEffect, useMemo } from 'preact/hooks'
import type { SearchRow } from '../../../src/catalog/search-row.ts'
import { counted, duration, integer } from '../../../src/visualization/format.ts'
import { hrefOf } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { Connection } from '../../client/connection.tsx'
import { openRecordLists } from '../../client/record-lists.ts'
import { Heading } from '../../parts/heading.tsx'
import { ScrollTable } from '../../parts/scroll-table.tsx'
import { shortTime } from '../../parts/short-time.ts'
import { Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { valueText } from './trials.ts'

/** All searches of the server, those that are running first, then the newest. */
export function SearchList() {
  const lists = useMemo(openRecordLists, [])
  useEffect(() => lists.close, [lists])
  const request = { value: lists.searches.value, error: lists.error.value }
  return (
    <div class="view">
      <Heading title="Search">Search</Heading>
      <Await request={request} loading="Reading the searches">
        {(rows) => (
          <>
            <p class="lead">{counted(rows.length, 'search', 'searches')} over settings and networks.</p>
            <Connection state={lists.state} />
            {rows.length === 0 ? <NoSearches /> : <SearchTable rows={rows} />}
          </>
        )}
      </Await>
    </div>
  )
}

function NoSearches() {
  return (
    <Empty title="No searches yet">
      <p>
        A search appears here as soon as it starts, and its trials as they finish:{' '}
        <code>atelier tune SPACE</code>, started in this server’s directory.
      </p>
    </Empty>
  )
}

const sorted = (rows: readonly SearchRow[]) =>
  [...rows].sort(
    (a, b) =>
      Number(b.status === 'running') - Number(a.status === 'running') ||
      (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
  )

interface Column {
  readonly title: string
  readonly align?: 'right'
  text(row: SearchRow): string | null
}

/** What is told of a search beside its name and status. */
const columns: readonly Column[] = [
  { title: 'Best', align: 'right', text: ({ best, metric }) => best && valueText(metric, best.value) },
  { title: 'Trials', align: 'right', text: ({ counts }) => integer(counts.trials) },
  { title: 'Pruned', align: 'right', text: ({ counts }) => integer(counts.pruned) },
  { title: 'Failed', align: 'right', text: ({ counts }) => integer(counts.failed) },
  { title: 'Sampler', text: ({ sampler }) => sampler },
  { title: 'Pruner', text: ({ pruner }) => pruner },
  { title: 'Training', align: 'right', text: ({ trainingSeconds }) => duration(trainingSeconds) },
  { title: 'Started', text: ({ createdAt }) => shortTime(createdAt) },
]

function SearchTable({ rows }: { readonly rows: readonly SearchRow[] }) {
  return (
    <ScrollTable label="Searches">
      <thead>
        <tr>
          <th scope="col">Search</th>
          <th scope="col">Status</th>
          {columns.map(({ title, align }) => (
            <th key={title} scope="col" class={align}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted(rows).map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <a href={hrefOf('search', { search: row.id })}>{row.path}</a>
            </th>
            <td>
              <Status status={row.status} />
            </td>
            {row.status === 'corrupt' ? (
              <td colSpan={columns.length} class="fault">
                {row.error}
              </td>
            ) : (
              columns.map(({ title, align, text }) => (
                <td key={title} class={align}>
                  {text(row) ?? '–'}
                </td>
              ))
            )}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}
