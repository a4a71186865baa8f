import { signal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { RunAnswer, RunEvents } from '../../../src/catalog/answers.ts'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { endpoints, runEventTypes, streams } from '../../client/endpoints.ts'
import type { ServerEvent } from '../../client/events.ts'
import { type Fetched, useFetch } from '../../client/use-fetch.ts'
import { type Following, SETTLED, useFollow } from '../../client/use-follow.ts'

/** A run that is looked at. */
export interface FollowedRun extends Fetched<RunAnswer>, Following {
  readonly events: readonly RunEvent[]
}

const isRunEvent = (type: string) => (runEventTypes as readonly string[]).includes(type)

/** A run's events after some more have come; `reset` and a new start say that they are told anew. */
export function grown(
  events: readonly RunEvent[],
  more: readonly ServerEvent<RunEvents>[],
): readonly RunEvent[] {
  let all: readonly RunEvent[] = events
  for (const { type, data } of more) {
    if (type === 'reset') all = []
    else if (type === 'started') all = [data]
    else if (isRunEvent(type)) all = [...all, data as RunEvent]
  }
  return all
}

/** Reads a run and follows it while it goes. */
export function useRun(id: string): FollowedRun {
  const request = useFetch(endpoints.run(id))
  const live = useMemo(() => signal<readonly RunEvent[] | undefined>(undefined), [])
  const isNew = useRef(true)
  const status = request.value?.row.status
  const following = useFollow({
    kind: 'run',
    id,
    request,
    isLive: status === 'running' || status === 'silent' || status === 'interrupted',
    stream: streams.run(id),
    onStart() {
      isNew.current = true
    },
    onEvents(events, refetchSoon) {
      live.value = grown(isNew.current ? [] : (live.value ?? []), events)
      isNew.current = false
      if (events.some(({ type }) => type === 'finished' || type === 'failed' || type === 'stopped'))
        refetchSoon(SETTLED)
    },
  })
  return { ...request, ...following, events: live.value ?? request.value?.events ?? [] }
}

/** How a run stands by its last event, which may be newer than its row. */
export function statusNow(row: RunRow, events: readonly RunEvent[]): RunRow['status'] {
  if (row.status === 'corrupt' || events.length === 0) return row.status
  const { status } = summarize(events)
  return status === 'running' && row.status === 'silent' ? 'silent' : status
}
