import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { SearchAnswer } from '../../../src/catalog/answers.ts'
import type { SearchRow } from '../../../src/catalog/search-row.ts'
import type { SearchRecord, TrialRecord } from '../../../src/search/record.ts'
import { within } from '../../base/record-id.ts'
import { endpoints, streams } from '../../client/endpoints.ts'
import { type Fetched, useFetch } from '../../client/use-fetch.ts'
import { type Following, SETTLED, useFollow } from '../../client/use-follow.ts'

/** A search that is looked at. */
export interface FollowedSearch extends Fetched<SearchAnswer>, Following {}

/** The directory of a trial's run, relative to the search's. */
const runOf = (trial: number) => `trials/${String(trial).padStart(4, '0')}`

/** The id of a trial's run. */
export const runIdOf = (search: string, trial: number) => within(search, runOf(trial))

/** A search after some trials have been added or changed, with the best of them all. */
export function withTrials(record: SearchRecord, more: readonly TrialRecord[]): SearchRecord {
  if (more.length === 0) return record
  const byNumber = new Map(record.trials.map((trial) => [trial.trial, trial]))
  for (const trial of more) byNumber.set(trial.trial, trial)
  const trials = [...byNumber.values()].sort((a, b) => a.trial - b.trial)
  const sign = record.direction === 'maximize' ? 1 : -1
  const complete = trials.filter(({ state, value }) => state === 'complete' && value !== null)
  const best = complete.reduce<TrialRecord | undefined>(
    (a, b) => (a === undefined || sign * ((b.value as number) - (a.value as number)) > 0 ? b : a),
    undefined,
  )
  const count = (state: TrialRecord['state']) => trials.filter((trial) => trial.state === state).length
  const { best: before, ...rest } = record
  const found =
    best === undefined
      ? {}
      : best.trial === before?.trial
        ? { best: before }
        : {
            best: {
              trial: best.trial,
              value: best.value as number,
              parameters: best.parameters,
              run: runOf(best.trial),
              trialsToBest: best.trial + 1,
            },
          }
  return {
    ...rest,
    ...found,
    trials,
    counts: {
      trials: trials.length,
      complete: count('complete'),
      pruned: count('pruned'),
      failed: count('failed'),
      unfinished: count('running') + count('waiting'),
    },
    trainingSeconds: trials.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
  }
}

/** The importance of the parameters is worked out by the server, and asked for no more often than so. */
const PERIOD = 4000

interface Live {
  readonly trials: ReadonlyMap<number, TrialRecord>
  readonly row?: SearchRow
}

/** Reads a search and follows it while it goes. */
export function useSearch(id: string): FollowedSearch {
  const request = useFetch(endpoints.search(id))
  const live = useMemo(() => signal<Live>({ trials: new Map() }), [])
  const status = live.value.row?.status ?? request.value?.row.status
  const following = useFollow({
    kind: 'search',
    id,
    request,
    isLive: status === 'running' || status === 'silent',
    stream: streams.search(id),
    onEvents(events, refetchSoon) {
      const trials = new Map(live.value.trials)
      let { row } = live.value
      for (const { type, data } of events) {
        if (type === 'trial') trials.set(data.trial, data)
        if (type === 'search') row = data
      }
      live.value = row === undefined ? { trials } : { trials, row }
      refetchSoon(row !== undefined && row.status !== 'running' ? SETTLED : PERIOD)
    },
    onChange() {
      live.value = { trials: live.value.trials }
    },
  })
  const { value } = request
  const { trials, row } = live.value
  const merged = useMemo(
    () => value && { row: row ?? value.row, record: withTrials(value.record, [...trials.values()]) },
    [value, trials, row],
  )
  return { ...request, ...following, value: merged }
}
