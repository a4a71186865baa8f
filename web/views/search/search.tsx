import { useMemo, useRef, useState } from 'preact/hooks'
import type { SearchRow } from '../../../src/catalog/search-row.ts'
import { importanceRows } from '../../../src/search/figures/importance.ts'
import { timelineRows } from '../../../src/search/figures/timeline.ts'
import type { SearchRecord } from '../../../src/search/record.ts'
import { counted, duration, enumeration, integer } from '../../../src/visualization/format.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { Connection, ServerFailure } from '../../parts/connection.tsx'
import { Heading } from '../../parts/heading.tsx'
import { rememberMore } from '../../parts/query.ts'
import { Empty, Loading } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { addressOf, place } from '../../router.ts'
import { Facts } from '../runs/facts.tsx'
import { type Brush, brushedAlso, brushedTrials, readBrush, writeBrush } from './brush.ts'
import { History, Importance, Intermediate, Slices, Timeline } from './figures.tsx'
import { type FollowedSearch, runIdOf, useFollowedSearch } from './follow.ts'
import { valueText } from './list.tsx'
import { Parallel } from './parallel.tsx'
import { Ranges } from './ranges.tsx'
import { StopSearch } from './stop.tsx'
import { TrialsTable } from './trials-table.tsx'

const pathOf = (id: string) => id.split(':').map(decodeURIComponent).join('/')

/** One search: its trials as they come, and what they tell of its parameters. */
export function SearchPage({ id }: { readonly id: string }) {
  const search = useFollowedSearch(id)
  const { value, error } = search
  const title = value?.record.name || (pathOf(id).split('/').at(-1) as string)
  return (
    <div class="view search">
      <p class="way">
        <a href={addressOf('search')}>Search</a>
      </p>
      <Heading title={title}>{title}</Heading>
      {value === undefined ? (
        error === undefined ? (
          <Loading what="Reading the search" />
        ) : (
          <ServerFailure error={error} retry={search.again}>
            <p>Other searches are not touched by it.</p>
          </ServerFailure>
        )
      ) : (
        <Search id={id} search={search} row={value.row} record={value.record} />
      )}
    </div>
  )
}

interface SearchProps {
  readonly id: string
  readonly search: FollowedSearch
  readonly row: SearchRow
  readonly record: SearchRecord
}

function Search({ id, search, row, record }: SearchProps) {
  const { state, isRemoved, problem } = search
  const values = record.trials.filter(({ value }) => value !== null).length
  const open = (trial: number) => {
    location.hash = addressOf('runs', { run: runIdOf(id, trial) })
  }
  return (
    <>
      <p class="lead">
        <Status status={isRemoved ? 'removed' : row.status} />
        {row.path !== row.name && ` ${row.path}`}
      </p>
      {!isRemoved && <Connection state={state} />}
      {isRemoved && (
        <p class="note" role="status">
          This search was removed from the server’s directory. What was read of it before stands here.
        </p>
      )}
      {problem !== undefined && <p class="note">Its journal cannot be read any further. {problem}</p>}
      {row.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
      {row.status === 'running' && !isRemoved && <StopSearch id={id} running={record.counts.unfinished} />}
      <Summary id={id} row={row} record={record} />
      {values === 0 ? (
        <Empty title="No trial has a value yet">
          <p>Figures begin with the first one.</p>
        </Empty>
      ) : (
        <>
          <section aria-labelledby="history">
            <h2 id="history">History</h2>
            <History record={record} onPick={open} />
          </section>
          <Brushed id={id} record={record} onPick={open} />
          <section aria-labelledby="slices">
            <h2 id="slices">Parameter by parameter</h2>
            <Slices record={record} onPick={open} />
          </section>
          <section aria-labelledby="importance">
            <h2 id="importance">What it depended on</h2>
            {importanceRows(record).length === 0 ? (
              <p class="hint">It takes some more trials to say which parameters matter.</p>
            ) : (
              <>
                <Importance record={record} />
                {record.note !== '' && <p>{record.note}</p>}
              </>
            )}
          </section>
          {record.trials.some(({ steps }) => steps.length > 1) && (
            <section aria-labelledby="epochs">
              <h2 id="epochs">Epoch by epoch</h2>
              <Intermediate record={record} />
            </section>
          )}
          {timelineRows(record).length > 0 && (
            <section aria-labelledby="time">
              <h2 id="time">Time line</h2>
              <Timeline record={record} onPick={open} />
            </section>
          )}
        </>
      )}
      {record.command !== '' && (
        <section aria-labelledby="again">
          <h2 id="again">Search again</h2>
          <CommandLine text={record.command} label="The line that repeats the search" />
        </section>
      )}
    </>
  )
}

function Summary({
  id,
  row,
  record,
}: {
  readonly id: string
  readonly row: SearchRow
  readonly record: SearchRecord
}) {
  const { best, counts } = record
  const others = [
    counts.pruned > 0 && `${integer(counts.pruned)} pruned`,
    counts.failed > 0 && `${integer(counts.failed)} failed`,
    counts.unfinished > 0 && `${integer(counts.unfinished)} under way`,
  ].filter((text) => text !== false)
  return (
    <Facts
      facts={[
        [
          'Best',
          best === undefined ? (
            'none yet'
          ) : (
            <>
              {valueText(record.metric, best.value)} in{' '}
              <a href={addressOf('runs', { run: runIdOf(id, best.trial) })}>trial {best.trial}</a>
            </>
          ),
        ],
        [
          'Trials',
          `${counted(counts.trials, 'trial')}${others.length > 0 ? `, ${enumeration(others)}` : ''}`,
        ],
        ['Looks for', `${record.direction === 'maximize' ? 'the highest' : 'the lowest'} ${record.metric}`],
        ['Sampler', record.sampler],
        ['Pruner', record.pruner],
        ['Seed', String(record.seed)],
        ['Training', duration(record.trainingSeconds)],
        ...(row.reason ? [['Ended', row.reason] as const] : []),
      ]}
    />
  )
}

/** Parallel coordinates, what is brushed of them, and the trials that are in. */
function Brushed({
  id,
  record,
  onPick,
}: {
  readonly id: string
  readonly record: SearchRecord
  onPick(trial: number): void
}) {
  const text = place.value.query.get('brush') ?? ''
  const kept = useMemo(() => readBrush(text, record), [text, record])
  const [moving, setMoving] = useState<Brush>()
  const [cleared, setCleared] = useState(0)
  // While a pointer draws along an axis the figure under it stays as it is, whatever comes meanwhile.
  const drawn = useRef(record)
  if (moving === undefined) drawn.current = record
  const brush = moving ?? kept
  const inside = useMemo(() => brushedTrials(record, brush), [record, brush])
  const trials = useMemo(
    () => (brush.size === 0 ? record.trials : record.trials.filter(({ trial }) => inside.has(trial))),
    [record, brush, inside],
  )
  const keep = (next: Brush) => {
    setMoving(undefined)
    rememberMore({ brush: writeBrush(next), page: undefined })
  }
  const clear = () => {
    setCleared(cleared + 1)
    keep(new Map())
  }
  return (
    <section aria-labelledby="parallel">
      <h2 id="parallel">All parameters together</h2>
      <p class="hint">
        Draw along an axis to keep only the trials that cross it there; a press on it takes that away.
      </p>
      <Parallel
        record={drawn.current}
        brush={brush}
        inside={inside}
        onPick={onPick}
        onBrush={(name, stretch, isDone) => {
          const next = brushedAlso(kept, name, stretch)
          if (isDone) keep(next)
          else setMoving(next)
        }}
      />
      <Ranges
        key={cleared}
        record={record}
        brush={kept}
        onChange={(name, stretch) => keep(brushedAlso(kept, name, stretch))}
      />
      <p class="brushed" role="status">
        {brush.size === 0
          ? `All ${counted(record.trials.length, 'trial')}`
          : `${integer(trials.length)} of ${counted(record.trials.length, 'trial')}, by ${enumeration([...brush.keys()])}`}
        {brush.size > 0 && (
          <button type="button" class="quiet" onClick={clear}>
            Show all
          </button>
        )}
      </p>
      {trials.length === 0 ? (
        <Empty title="No trial runs through all of that" />
      ) : (
        <TrialsTable id={id} record={record} trials={trials} />
      )}
    </section>
  )
}
