import type { ComponentChildren } from 'preact'
import type { SearchRow } from '../../../src/catalog/search-row.ts'
import { conclusion } from '../../../src/search/conclusion.ts'
import { importanceRows } from '../../../src/search/figures/importance.ts'
import { timelineRows } from '../../../src/search/figures/timeline.ts'
import type { SearchRecord } from '../../../src/search/record.ts'
import { nameOf } from '../../base/record-id.ts'
import { hrefOf } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { Connection } from '../../client/connection.tsx'
import { CommandLine } from '../../parts/command-line.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Brushed } from './brushed.tsx'
import { History, Importance, Intermediate, Slices, Timeline } from './figures.tsx'
import { type FollowedSearch, runIdOf, useSearch } from './follow.ts'
import { StopSearch } from './stop.tsx'
import { Summary } from './summary.tsx'

/** One search: its trials as they finish, and what they tell of its parameters. */
export function SearchPage({ id }: { readonly id: string }) {
  const search = useSearch(id)
  const title = search.value?.record.name || nameOf(id)
  return (
    <div class="view search">
      <p class="breadcrumb">
        <a href={hrefOf('search')}>Search</a>
      </p>
      <Heading title={title}>{title}</Heading>
      <Await
        request={search}
        loading="Reading the search"
        whenFailed={<p>Other searches are not affected.</p>}
      >
        {({ row, record }) => <Search id={id} search={search} row={row} record={record} />}
      </Await>
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
  const hasValues = record.trials.some(({ value }) => value !== null)
  return (
    <>
      <p class="lead">
        <Status status={isRemoved ? 'removed' : row.status} />
        {row.path !== row.name && ` ${row.path}`}
      </p>
      {!isRemoved && <Connection state={state} />}
      {isRemoved && (
        <p class="note" role="status">
          This search was removed from the server’s directory. This is what was read before.
        </p>
      )}
      {problem !== undefined && <p class="note">Its journal cannot be read past this point. {problem}</p>}
      {row.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
      {row.status === 'running' && !isRemoved && <StopSearch id={id} running={record.counts.unfinished} />}
      <Summary id={id} row={row} record={record} />
      {hasValues ? (
        <Figures id={id} record={record} />
      ) : (
        <Empty title="No trial has a value yet">
          <p>The figures start with the first one.</p>
        </Empty>
      )}
      {record.command !== '' && (
        <Part id="again" title="Search again">
          <CommandLine text={record.command} label="Command that repeats the search" />
        </Part>
      )}
    </>
  )
}

interface PartProps {
  readonly id: string
  readonly title: string
  readonly children: ComponentChildren
}

const Part = ({ id, title, children }: PartProps) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
)

function Figures({ id, record }: Pick<SearchProps, 'id' | 'record'>) {
  const open = (trial: number) => {
    location.hash = hrefOf('runs', { run: runIdOf(id, trial) })
  }
  return (
    <>
      <Part id="history" title="History">
        <History record={record} onPick={open} />
      </Part>
      <Brushed id={id} record={record} onPick={open} />
      <Part id="slices" title="Parameter by parameter">
        <Slices record={record} onPick={open} />
      </Part>
      <Part id="importance" title="Importance of the parameters">
        {importanceRows(record).length === 0 ? (
          <p class="hint">It takes a few more trials to say which parameters matter.</p>
        ) : (
          <>
            <Importance record={record} />
            {conclusion(record) !== '' && <p>{conclusion(record)}</p>}
          </>
        )}
      </Part>
      {record.trials.some(({ steps }) => steps.length > 1) && (
        <Part id="epochs" title="Epoch by epoch">
          <Intermediate record={record} />
        </Part>
      )}
      {timelineRows(record).length > 0 && (
        <Part id="time" title="Timeline">
          <Timeline record={record} onPick={open} />
        </Part>
      )}
    </>
  )
}
