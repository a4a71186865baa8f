import { type ReadonlySignal, signal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { SearchRow } from '../../../src/catalog/search-row.ts'
import type { SearchRecord, TrialRecord } from '../../../src/search/record.ts'
import { type Asked, useAsked } from '../../parts/asked.ts'
import { idIn } from '../../server/api.ts'
import { listen, type StreamState, type Told } from '../../server/stream.ts'

/** One search as the server tells it. */
export interface SearchAnswer {
  readonly row: SearchRow
  readonly record: SearchRecord
}

/** A search that is looked at. */
export interface FollowedSearch extends Asked<SearchAnswer> {
  readonly state: ReadonlySignal<StreamState>
  readonly isRemoved: boolean
  readonly problem: string | undefined
}

/** The directory of a trial's run, relative to the search's. */
const runOf = (trial: number) => `trials/${String(trial).padStart(4, '0')}`

/** The id of a trial's run. */
export const runIdOf = (search: string, trial: number) => [search, ...runOf(trial).split('/')].join(':')

/** A search after some trials have come or changed, with the best of them all. */
export function withTrials(record: SearchRecord, told: readonly TrialRecord[]): SearchRecord {
  if (told.length === 0) return record
  const byNumber = new Map(record.trials.map((trial) => [trial.trial, trial]))
  for (const trial of told) byNumber.set(trial.trial, trial)
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
              roundsToBest: best.trial + 1,
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
    trainingSeconds: trials.reduce((sum, { duration = 0 }) => sum + duration, 0),
  }
}

/** What the parameters were worth is worked out by the server, and asked for no more often than so. */
const AGAIN = 4000

/** Reads a search and follows it while it goes. */
export function useFollowedSearch(id: string): FollowedSearch {
  const asked = useAsked<SearchAnswer>(`/api/searches/${idIn(id)}`)
  const live = useMemo(
    () =>
      signal<{ readonly trials: ReadonlyMap<number, TrialRecord>; readonly row?: SearchRow }>({
        trials: new Map(),
      }),
    [],
  )
  const state = useMemo(() => signal<StreamState>('opening'), [])
  const removed = useMemo(() => signal(false), [])
  const problem = useMemo(() => signal<string | undefined>(undefined), [])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isThere = asked.value !== undefined
  const status = live.value.row?.status ?? asked.value?.row.status
  const isLive = status === 'running' || status === 'silent'
  const { again } = asked
  const isMissed = !isThere && asked.error !== undefined
  useEffect(() => {
    if (!isThere && !isMissed) return
    const askSoon = (milliseconds: number) => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        again()
      }, milliseconds)
    }
    const ofSearch = (told: readonly Told[]) => {
      const trials = new Map(live.value.trials)
      let { row } = live.value
      for (const { type, data } of told) {
        if (type === 'trial') trials.set(data.trial, data)
        if (type === 'search') row = data
        if (type === 'removed') removed.value = true
        if (type === 'problem') problem.value = data.detail
      }
      live.value = row === undefined ? { trials } : { trials, row }
      askSoon(row !== undefined && row.status !== 'running' ? 800 : AGAIN)
    }
    const ofAll = (told: readonly Told[]) => {
      const own = told.filter(({ data }) => data.id === id)
      if (own.some(({ type, data }) => type === 'removed' && data.kind === 'search')) removed.value = true
      else if (own.some(({ type }) => type === 'search')) {
        live.value = { trials: live.value.trials }
        askSoon(0)
      }
      // A server that was away, or a search that has just begun, is asked once more.
      if (isMissed && told.some(({ type }) => type === 'contents')) again()
    }
    const stream = isLive
      ? listen(`/api/searches/${idIn(id)}/events`, {
          types: ['trial', 'search', 'removed', 'problem', 'closing'],
          told: ofSearch,
        })
      : listen('/api/events', { types: ['contents', 'search', 'removed', 'closing'], told: ofAll })
    const forget = stream.state.subscribe((value) => {
      state.value = value
    })
    return () => {
      forget()
      stream.close()
    }
  }, [id, isThere, isMissed, isLive, again])
  useEffect(() => () => clearTimeout(timer.current), [])
  const { value } = asked
  const { trials, row } = live.value
  const merged = useMemo(
    () => value && { row: row ?? value.row, record: withTrials(value.record, [...trials.values()]) },
    [value, trials, row],
  )
  return { ...asked, value: merged, state, isRemoved: removed.value, problem: problem.value }
}
