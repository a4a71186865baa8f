import { shellQuoted } from '../../../src/base/shell.ts'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { nameOf, pathOf } from '../../base/record-id.ts'
import { hrefOf } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { Connection } from '../../client/connection.tsx'
import { CommandLine } from '../../parts/command-line.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Heading } from '../../parts/heading.tsx'
import { Status } from '../../parts/status.tsx'
import { Evaluation } from './evaluation.tsx'
import { runFacts } from './facts.tsx'
import { type FollowedRun, statusNow, useRun } from './follow.ts'
import { RunCurves } from './run-curves.tsx'

/** One run: how it goes, what it was asked for, and how well it recognizes. */
export function RunPage({ id }: { readonly id: string }) {
  const run = useRun(id)
  const { value } = run
  const name = value?.row.name ?? nameOf(id)
  return (
    <div class="view run">
      <p class="breadcrumb">
        <a href={hrefOf('runs')}>Runs</a>
        {value?.row.within?.kind === 'search' && (
          <>
            {' / '}
            <a href={hrefOf('search', { search: value.row.within.id })}>{pathOf(value.row.within.id)}</a>
          </>
        )}
      </p>
      <Heading title={name}>{name}</Heading>
      <Await request={run} loading="Reading the run">
        {({ row }) => <Run run={run} row={row} />}
      </Await>
    </div>
  )
}

function Run({ run, row }: { readonly run: FollowedRun; readonly row: RunRow }) {
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
          This run was removed from the server’s directory. This is what was read before.
        </p>
      )}
      <Faults row={row} problem={problem} />
      {status === 'running' && !isRemoved && <Progress row={row} events={events} />}
      {row.status === 'corrupt' ? null : (
        <>
          <Facts facts={runFacts(row, value?.manifest ?? null, events)} />
          <RunCurves name={row.name} events={events} />
          <Evaluation row={row} />
          {status === 'finished' && (
            <section aria-labelledby="again">
              <h2 id="again">Train it again</h2>
              <p>From its record alone, to the same bits. Run this in the server’s directory:</p>
              <CommandLine
                text={`atelier verify ${shellQuoted(row.path)}`}
                label="Command that trains it again"
              />
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
          <p>Other runs are not affected.</p>
        </div>
      )}
      {row.status === 'failed' && row.error !== null && <p class="note">It failed: {row.error}</p>}
      {row.status === 'silent' && (
        <p class="note">
          It has written nothing for a while; its process may have been killed. <code>--resume</code>{' '}
          continues it.
        </p>
      )}
      {problem !== undefined && <p class="note">Its events cannot be read past this point. {problem}</p>}
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
