import { useEffect, useMemo } from 'preact/hooks'
import type { SearchRow } from '../../../src/catalog/search-row.ts'
import { counted, decimal, duration, integer, percent } from '../../../src/visualization/format.ts'
import { Connection, ServerFailure } from '../../parts/connection.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Empty, Loading } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { addressOf } from '../../router.ts'
import { openLibrary } from '../../server/library.ts'
import { shortTime } from '../runs/columns.ts'

/** All searches of the server, those that go on first, then the newest. */
export function SearchList() {
  const library = useMemo(openLibrary, [])
  useEffect(() => library.close, [library])
  const rows = library.searches.value
  return (
    <div class="view">
      <Heading title="Search">Search</Heading>
      {rows === undefined ? (
        library.error.value === undefined ? (
          <Loading what="Reading the searches" />
        ) : (
          <ServerFailure error={library.error.value} />
        )
      ) : (
        <>
          <p class="lead">
            {counted(rows.length, 'search', 'searches')} for settings and networks that do better.
          </p>
          <Connection state={library.state} />
          {rows.length === 0 ? <NoSearches /> : <SearchTable rows={rows} />}
        </>
      )}
    </div>
  )
}

function NoSearches() {
  return (
    <Empty title="No searches yet">
      <p>
        A search appears here as soon as it begins, and its trials as they come:{' '}
        <code>atelier tune SPACE</code>, started in the directory of this server.
      </p>
    </Empty>
  )
}

/** A value of a search: an accuracy as a percentage. */
export const valueText = (metric: string | null, value: number) =>
  metric?.endsWith('acc') ? percent(value, 2) : decimal(value, 4)

const inOrder = (rows: readonly SearchRow[]) =>
  [...rows].sort(
    (a, b) =>
      Number(b.status === 'running') - Number(a.status === 'running') ||
      (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
  )

function SearchTable({ rows }: { readonly rows: readonly SearchRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="scroll" tabIndex={0} aria-label="Searches">
      <table>
        <caption class="unseen">Searches</caption>
        <thead>
          <tr>
            <th scope="col">Search</th>
            <th scope="col">Status</th>
            <th scope="col" class="right">
              Best
            </th>
            <th scope="col" class="right">
              Trials
            </th>
            <th scope="col" class="right">
              Pruned
            </th>
            <th scope="col" class="right">
              Failed
            </th>
            <th scope="col">Sampler</th>
            <th scope="col">Pruner</th>
            <th scope="col" class="right">
              Training
            </th>
            <th scope="col">Began</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(rows).map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <a href={addressOf('search', { search: row.id })}>{row.path}</a>
              </th>
              <td>
                <Status status={row.status} />
              </td>
              {row.status === 'corrupt' ? (
                <td colSpan={8} class="fault">
                  {row.error}
                </td>
              ) : (
                <>
                  <td class="right">{row.best === null ? '–' : valueText(row.metric, row.best.value)}</td>
                  <td class="right">{integer(row.counts.trials)}</td>
                  <td class="right">{integer(row.counts.pruned)}</td>
                  <td class="right">{integer(row.counts.failed)}</td>
                  <td>{row.sampler}</td>
                  <td>{row.pruner}</td>
                  <td class="right">{duration(row.trainingSeconds)}</td>
                  <td>{shortTime(row.createdAt) ?? '–'}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
