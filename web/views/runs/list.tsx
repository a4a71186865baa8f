import { useEffect, useMemo } from 'preact/hooks'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import { counted, integer } from '../../../src/visualization/format.ts'
import { hrefOf, route, updateQuery } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { Connection } from '../../client/connection.tsx'
import { type CurveStore, openCurves } from '../../client/curves.ts'
import { openRecordLists } from '../../client/record-lists.ts'
import { Heading } from '../../parts/heading.tsx'
import { formatOrder, sortRows } from '../../parts/order.ts'
import { currentPage, Pager } from '../../parts/pager.tsx'
import { Empty } from '../../parts/states.tsx'
import { compareRuns, filtered, newestFirst, parseRunOrder, sortValue } from './choose.ts'
import { Differences } from './differences.tsx'
import { Filters } from './filters.tsx'
import { Overlaid } from './overlaid.tsx'
import { grouped, type Line, singles } from './represent.ts'
import { RunsTable } from './runs-table.tsx'

/** Runs of one page. */
const SIZE = 25
/** Runs that are drawn in color where nobody has chosen: more are hard to tell apart. */
const FIRST = 5
/** Most that are drawn in color. */
const MOST = 24

/** All runs of the server: found, sorted, laid over one another and told apart. */
export function RunList() {
  const lists = useMemo(openRecordLists, [])
  const store = useMemo(openCurves, [])
  useEffect(() => {
    const forget = lists.onChange(store.changed)
    return () => {
      forget()
      lists.close()
      store.close()
    }
  }, [lists, store])
  const request = { value: lists.runs.value, error: lists.error.value }
  return (
    <div class="view">
      <Heading title="Runs">Runs</Heading>
      <Await request={request} loading="Reading the runs">
        {(rows) => (
          <>
            <Lead rows={rows} />
            <Connection state={lists.state} />
            {rows.length === 0 ? (
              <NoRuns />
            ) : (
              <Found rows={rows} hasSearches={(lists.searches.value?.length ?? 0) > 0} store={store} />
            )}
          </>
        )}
      </Await>
    </div>
  )
}

function Lead({ rows }: { readonly rows: readonly RunRow[] }) {
  const running = rows.filter(({ status }) => status === 'running').length
  const trials = rows.filter(({ within }) => within?.kind === 'search').length
  const corrupt = rows.filter(({ status }) => status === 'corrupt').length
  return (
    <p class="lead">
      {counted(rows.length, 'run')}
      {trials > 0 && `, ${integer(trials)} of them trials of searches`}
      {running > 0 && `, ${running} running now`}
      {corrupt > 0 && `, ${corrupt} that cannot be read`}.
    </p>
  )
}

function NoRuns() {
  return (
    <Empty title="No runs yet">
      <p>
        A run appears here as soon as it starts, and is followed while it trains:{' '}
        <code>atelier train --model mlp-small</code>, started in this server’s directory, or{' '}
        <a href={hrefOf('train')}>train in this page</a>.
      </p>
    </Empty>
  )
}

interface FoundProps {
  readonly rows: readonly RunRow[]
  readonly hasSearches: boolean
  readonly store: CurveStore
}

function Found({ rows, hasSearches, store }: FoundProps) {
  const lines = useLines(rows, hasSearches)
  const chosen = useChosen(lines, route.value.query.get('chosen') ?? '')
  const page = currentPage(lines.length, SIZE)
  const isGrouped = route.value.query.get('group') === 'seeds'
  const order = parseRunOrder(route.value.query.get('sort') ?? '')
  const choose = (line: Line, isChosen: boolean) => {
    const others = chosen.filter(({ row }) => row.id !== line.row.id)
    const next = isChosen ? [...others, line].slice(-MOST) : others
    updateQuery({ chosen: next.length === 0 ? 'none' : next.map(({ row }) => row.id).join(',') })
  }
  return (
    <>
      <Filters rows={rows} hasSearches={hasSearches} />
      <Overlaid lines={lines} chosen={chosen} store={store} onRemove={(line) => choose(line, false)} />
      {lines.length === 0 ? (
        <Empty title="No run matches">
          <p>
            There are {counted(rows.length, 'run')}, but none that matches all of these.{' '}
            <a href={hrefOf('runs')}>Show all runs</a>
          </p>
        </Empty>
      ) : (
        <>
          <RunsTable
            lines={lines.slice(page * SIZE, (page + 1) * SIZE)}
            order={order}
            onOrder={(next) => updateQuery({ sort: formatOrder(next, newestFirst), page: undefined })}
            colorOf={(line) => {
              const i = chosen.findIndex(({ row }) => row.id === line.row.id)
              return i < 0 ? undefined : i
            }}
            onChoose={choose}
          />
          <Pager noun={isGrouped ? 'line' : 'run'} total={lines.length} size={SIZE} />
          <Differences lines={chosen} />
        </>
      )}
    </>
  )
}

/** The lines that the address asks for, in its order. */
function useLines(rows: readonly RunRow[], hasSearches: boolean): readonly Line[] {
  const ask = (name: string) => route.value.query.get(name) ?? ''
  const [words, status, data, where, sort, group] = ['q', 'status', 'data', 'within', 'sort', 'group'].map(
    ask,
  )
  return useMemo(() => {
    const within = where === '' && hasSearches ? 'top' : where === 'all' ? '' : where
    const found = filtered(rows, { words, status, data, within })
    const { key, isDescending } = parseRunOrder(sort)
    const lines = group === 'seeds' ? grouped(found) : singles(found)
    return sortRows(
      lines,
      ({ row }) => sortValue(row, key),
      isDescending,
      (a, b) => compareRuns(a.row, b.row),
    )
  }, [rows, words, status, data, where, group, hasSearches, sort])
}

/** Those that the address names; the first ones where it names none. */
function useChosen(lines: readonly Line[], text: string): readonly Line[] {
  return useMemo(() => {
    if (text === 'none') return []
    const drawable = lines.filter(({ row }) => row.status !== 'corrupt')
    if (text === '') return drawable.slice(0, FIRST)
    return text
      .split(',')
      .flatMap((id) => drawable.find(({ rows }) => rows.some((row) => row.id === id)) ?? [])
  }, [lines, text])
}
