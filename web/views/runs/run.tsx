import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { Connection, ServerFailure } from '../../parts/connection.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Loading } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { addressOf } from '../../router.ts'
import { Evaluation } from './evaluation.tsx'
import { Facts, runFacts } from './facts.tsx'
import { type Followed, statusNow, useFollowed } from './follow.ts'
import { RunCurves } from './run-curves.tsx'

const lastName = (id: string) => decodeURIComponent(id.split(':').at(-1) ?? id)

/** One run: how it goes, what it was asked for, and how well it recognizes. */
export function RunPage({ id }: { readonly id: string }) {
  const run = useFollowed(id)
  const { value, error } = run
  return (
    <div class="view run">
      <p class="way">
        <a href={addressOf('runs')}>Runs</a>
        {value?.row.within?.kind === 'search' && (
          <>
            {' / '}
            <a href={addressOf('search', { search: value.row.within.id })}>
              {value.row.within.id.split(':').map(decodeURIComponent).join('/')}
            </a>
          </>
        )}
      </p>
      <Heading title={value?.row.name ?? lastName(id)}>{value?.row.name ?? lastName(id)}</Heading>
      {value === undefined ? (
        error === undefined ? (
          <Loading what="Reading the run" />
        ) : (
          <ServerFailure error={error} retry={run.again} />
        )
      ) : (
        <Run run={run} row={value.row} />
      )}
    </div>
  )
}

function Run({ run, row }: { readonly run: Followed; readonly row: RunRow }) {
  const { events, value, isRemoved, problem, state } = run
  const status = statusNow(row, events)
  return (
    <>
      <p class="lead">
        <Status status={isRemoved ? 'removed' : status} />
        {row.path !== row.name && ` ${row.path}`}
      </p>
      {!isRemoved && status !== 'finished' && <Connection state={state} />}
      {isRemoved && (
        <p class="note" role="status">
          This run was removed from the server’s directory. What was read of it before stands here.
        </p>
      )}
      <Faults row={row} problem={problem} />
      {status === 'running' && !isRemoved && <Progress row={row} events={events} />}
      {row.status === 'corrupt' ? null : (
        <>
          <Facts facts={runFacts(row, value?.manifest ?? null, events)} />
          <RunCurves name={row.name} events={events} />
          <Evaluation id={row.id} row={row} classNames={value?.manifest?.data.classNames} />
          {status === 'finished' && (
            <section aria-labelledby="again">
              <h2 id="again">Train it again</h2>
              <p>From the record alone, to the same bits; run this where the server’s records lie.</p>
              <CommandLine text={`atelier verify '${row.path}'`} label="The line that trains it again" />
            </section>
          )}
        </>
      )}
    </>
  )
}

function Faults({ row, problem }: { readonly row: RunRow; readonly problem: string | undefined }) {
  return (
    <>
      {row.status === 'corrupt' && (
        <div class="state failure" role="alert">
          <p>This record cannot be read. {row.error}</p>
          <p>Other runs are not touched by it.</p>
        </div>
      )}
      {row.status === 'failed' && row.error !== null && <p class="note">It failed: {row.error}</p>}
      {row.status === 'silent' && (
        <p class="note">
          Nothing was heard of it for a while: its process may have been ended. <code>--resume</code> goes on
          with it.
        </p>
      )}
      {problem !== undefined && <p class="note">Its events cannot be read any further. {problem}</p>}
      {row.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
    </>
  )
}

function Progress({ row, events }: { readonly row: RunRow; readonly events: readonly RunEvent[] }) {
  const { epoch: done } = summarize(events)
  return (
    <p class="progress">
      <label>
        Epoch {Math.min(done + 1, row.epochs)} of {row.epochs} <progress max={row.epochs} value={done} />
      </label>
    </p>
  )
}
