import { useEffect, useMemo } from 'preact/hooks'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import { counted, integer } from '../../../src/visualization/format.ts'
import { drawOverlaidCurves } from '../../../src/visualization/overlaid-curves.ts'
import { series } from '../../../src/visualization/theme.ts'
import { Connection, ServerFailure } from '../../parts/connection.tsx'
import { Drawn } from '../../parts/drawn.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Pager, within } from '../../parts/pager.tsx'
import { rememberMore } from '../../parts/query.ts'
import { Empty, Loading } from '../../parts/states.tsx'
import { addressOf, place } from '../../router.ts'
import { openCurves } from '../../server/curves.ts'
import { openLibrary } from '../../server/library.ts'
import { readOrder, sorted, wanted, writeOrder } from './choose.ts'
import { CurveControls, curveWishes } from './curve-controls.tsx'
import { Differences } from './differences.tsx'
import { Filters } from './filters.tsx'
import { type Chosen, chosenLines, otherLines } from './lines.ts'
import { cellText, grouped, type Line, singles } from './represent.ts'
import { RunsTable } from './runs-table.tsx'

/** Runs of one page. */
const SIZE = 25
/** Runs that are drawn in color where nobody has chosen: more are hard to tell apart. */
const FIRST = 5
/** Most that are drawn in color. */
const MOST = 24

/** All runs of the server: found, sorted, laid over one another and told apart. */
export function RunList() {
  const library = useMemo(openLibrary, [])
  const store = useMemo(openCurves, [])
  useEffect(() => {
    const forget = library.changed(store.changed)
    return () => {
      forget()
      library.close()
      store.close()
    }
  }, [library, store])
  const rows = library.runs.value
  return (
    <div class="view">
      <Heading title="Runs">Runs</Heading>
      {rows === undefined ? (
        library.error.value === undefined ? (
          <Loading what="Reading the runs" />
        ) : (
          <ServerFailure error={library.error.value} />
        )
      ) : (
        <>
          <Lead rows={rows} />
          <Connection state={library.state} />
          {rows.length === 0 ? (
            <NoRuns />
          ) : (
            <Found rows={rows} hasSearches={(library.searches.value?.length ?? 0) > 0} store={store} />
          )}
        </>
      )}
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
        A run appears here as soon as it begins, and is followed while it goes:{' '}
        <code>atelier train --model mlp-small</code>, started in the directory of this server, or{' '}
        <a href={addressOf('train')}>train in this page</a>.
      </p>
    </Empty>
  )
}

interface FoundProps {
  readonly rows: readonly RunRow[]
  readonly hasSearches: boolean
  readonly store: ReturnType<typeof openCurves>
}

function Found({ rows, hasSearches, store }: FoundProps) {
  const { query } = place.value
  const ask = (name: string) => query.get(name) ?? ''
  const [q, status, data, where, sort, group] = ['q', 'status', 'data', 'within', 'sort', 'group'].map(ask)
  const order = useMemo(() => readOrder(sort), [sort])
  const lines = useMemo(() => {
    const scope = where === '' && hasSearches ? 'top' : where === 'all' ? '' : where
    const found = wanted(rows, { words: q, status, data, within: scope })
    const all = group === 'seeds' ? grouped(found) : singles(found)
    const byRow = new Map(all.map((line) => [line.row, line]))
    return sorted(
      all.map(({ row }) => row),
      order,
    ).map((row) => byRow.get(row) as Line)
  }, [rows, q, status, data, where, group, hasSearches, order])
  const chosen = useChosen(lines, ask('chosen'))
  const page = within(Number(ask('page')), lines.length, SIZE)
  const choose = (line: Line, isChosen: boolean) => {
    const others = chosen.filter(({ row }) => row.id !== line.row.id)
    const next = isChosen ? [...others, line].slice(-MOST) : others
    rememberMore({ chosen: next.length === 0 ? 'none' : next.map(({ row }) => row.id).join(',') })
  }
  return (
    <>
      <Filters rows={rows} searches={hasSearches} />
      <Overlaid lines={lines} chosen={chosen} store={store} onRemove={(line) => choose(line, false)} />
      {lines.length === 0 ? (
        <Empty title="No run fits">
          <p>
            {counted(rows.length, 'run')} are here, but none has all of these.{' '}
            <a href={addressOf('runs')}>Show all of them</a>
          </p>
        </Empty>
      ) : (
        <>
          <RunsTable
            lines={lines.slice(page * SIZE, (page + 1) * SIZE)}
            order={order}
            onOrder={(next) => rememberMore({ sort: writeOrder(next), page: undefined })}
            placeOf={(line) => {
              const i = chosen.findIndex(({ row }) => row.id === line.row.id)
              return i < 0 ? undefined : i
            }}
            onChoose={choose}
          />
          <Pager
            noun={group === 'seeds' ? 'line' : 'run'}
            total={lines.length}
            size={SIZE}
            page={page}
            onPage={(next) => rememberMore({ page: next === 0 ? undefined : String(next) })}
          />
          <Differences lines={chosen} />
        </>
      )}
    </>
  )
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

interface OverlaidProps {
  readonly lines: readonly Line[]
  readonly chosen: readonly Line[]
  readonly store: ReturnType<typeof openCurves>
  onRemove(line: Line): void
}

/** The names that tell the chosen apart: paths where two have the same name. */
function namesOf(chosen: readonly Line[]): string[] {
  const names = chosen.map((line) => (line.rows.length > 1 ? cellText(line, nameColumn) : line.row.name))
  return names.map((name, i) => (names.indexOf(name) !== names.lastIndexOf(name) ? chosen[i].row.path : name))
}
const nameColumn = {
  key: 'name',
  title: '',
  format: { type: 'text' },
  align: 'left',
  value: (row: RunRow) => row.name,
  isDescending: false,
} as const

function Overlaid({ lines, chosen, store, onRemove }: OverlaidProps) {
  const { metric, split, smoothing, isLog } = curveWishes(place.value.query)
  const curves = store.curves.value
  const ids = useMemo(() => lines.flatMap(({ rows }) => rows.map(({ id }) => id)), [lines])
  useEffect(() => {
    store.want([...chosen.flatMap(({ rows }) => rows.map(({ id }) => id)), ...ids])
  }, [store, ids, chosen])
  const names = namesOf(chosen)
  const key = `${names.join('\n')} ${chosen.map(({ rows }) => rows.map(({ id }) => id)).join(' ')}`
  const draw = useMemo(() => {
    const wishes = { metric, split, smoothing } as const
    const drawn: Chosen[] = chosen.map(({ rows }, i) => ({ name: names[i], rows }))
    const colored = chosenLines(curves, drawn, wishes)
    const taken = new Set(chosen.flatMap(({ rows }) => rows.map(({ id }) => id)))
    const others = otherLines(
      curves,
      ids.filter((id) => !taken.has(id)),
      wishes,
    )
    const title = `${metric === 'loss' ? 'Loss' : 'Accuracy'} on the ${split} images, epoch by epoch`
    return (document: Document, width: number) =>
      drawOverlaidCurves(document, colored, others, {
        title,
        description: `${names.join(', ') || 'No run'} in color, ${counted(others.length, 'other run')} in gray.`,
        heading: `${split} ${metric}`,
        isShare: metric === 'accuracy',
        isLog,
        width,
        height: width < 560 ? 260 : 340,
      })
    // `key` stands for the chosen: a new figure of one of them draws nothing new until its curve is here
  }, [curves, ids, key, metric, split, smoothing, isLog])
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Curves</h2>
      <CurveControls />
      <Drawn draw={draw} height={340} class="overlaid" />
      {chosen.length > 0 && (
        <ul class="chips" aria-label="Drawn in color">
          {chosen.map((line, i) => (
            <li key={line.row.id}>
              <span class="swatch" aria-hidden="true" style={{ background: series(i) }} />
              <a href={addressOf('runs', { run: line.row.id })}>{names[i]}</a>
              <button type="button" class="quiet" onClick={() => onRemove(line)}>
                <span aria-hidden="true">×</span>
                <span class="unseen">Do not draw {names[i]} in color</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
