import { InputError } from '../base/errors.ts'
import { bestOf } from './best.ts'
import { type Follower, follow } from './follow.ts'
import { type Direction, isFinished } from './journal/operations.ts'
import type { SearchJournal } from './journal/search-journal.ts'
import type { Trial } from './journal/trial.ts'
import type { OpenSpace } from './open-space.ts'
import { writeOutcome } from './outcome.ts'
import type { Outcome, Pool, Verdict } from './pool/pool.ts'
import type { Pruner, Standing } from './pruners/pruner.ts'
import { type Sampler, seenSoFar } from './samplers/sampler.ts'
import { isSettledAt, resultOf, standingAt } from './standings.ts'

/** A decision on trial n looks at the trials before n − LAG only: up to LAG + 1 workers need not wait for each other. */
export const LAG = 4

/** With a larger lag a search would hardly learn from itself. */
export const MOST_LAG = 1000

/** A lag that was given, or the usual one; throws an InputError that names `at` where it is none. */
export function checkedLag(given: number | undefined, at = 'lag'): number {
  if (given === undefined) return LAG
  if (Number.isInteger(given) && given >= 0 && given <= MOST_LAG) return given
  throw new InputError({ at, expected: `a whole number from 0 to ${MOST_LAG}`, received: `${given}` })
}

/** When to stop. Trials are counted in the order of their numbers, so that target and patience end every search alike. */
export interface Limits {
  readonly trials: number
  readonly seconds?: number | undefined
  /** A value that is good enough. */
  readonly target?: number | undefined
  /** Trials without a better value. */
  readonly patience?: number | undefined
}

export interface SearchOptions {
  readonly space: OpenSpace
  readonly sampler: Sampler
  readonly pruner: Pruner
  readonly direction: Direction
  readonly journal: SearchJournal
  readonly pool: Pool
  readonly limits: Limits
  /** `LAG` unless told otherwise. */
  readonly lag?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a search tells while it goes on. */
export type SearchEvent =
  | { readonly type: 'started'; readonly trials: number; readonly finished: number }
  | { readonly type: 'begun'; readonly trial: Trial; readonly worker: number; readonly resumed: boolean }
  | { readonly type: 'report'; readonly trial: Trial; readonly step: number; readonly value: number }
  /** `isBest`: the best so far of those that have ended. */
  | { readonly type: 'ended'; readonly trial: Trial; readonly isBest: boolean }
  | { readonly type: 'warning'; readonly message: string }

export type StopReason = 'trials' | 'exhausted' | 'target' | 'patience' | 'time' | 'interrupted'

/** How a search ended. */
export interface SearchResult {
  readonly reason: StopReason
  /** The trials that count: all, or up to the one with which target or patience ended the search. */
  readonly trials: readonly Trial[]
  readonly best: Trial | undefined
}

/** A report that waits until it is settled how the trials stand at whose step it looks. */
interface Pending {
  readonly trial: Trial
  readonly step: number
  readonly answer: (verdict: Verdict) => void
}

/**
 * Searches: begins trials in the order of their numbers on all workers, tells how it goes as a stream of events, and
 * writes everything into the journal. Trials that the journal has begun and not finished go first, from where they were.
 */
export async function* search(options: SearchOptions): AsyncGenerator<SearchEvent, SearchResult, undefined> {
  const run = new SearchRun(options)
  try {
    yield* run.events()
    return run.result()
  } finally {
    run.dispose()
  }
}

class SearchRun {
  readonly #options: SearchOptions
  readonly #lag: number
  readonly #sign: number
  readonly #seen: ReturnType<typeof seenSoFar>
  readonly #queue: SearchEvent[] = []
  readonly #running = new Set<Trial>()
  readonly #unfinished: Trial[]
  #pending: Pending[] = []
  #wake: () => void = () => {}
  #stop: { reason: StopReason; trial?: number } | undefined
  #error: unknown
  #isExhausted = false
  readonly #follower: Follower
  readonly #timer: NodeJS.Timeout | undefined

  constructor(options: SearchOptions) {
    const { space, journal, limits, signal, direction } = options
    this.#options = options
    this.#lag = options.lag ?? LAG
    this.#sign = direction === 'minimize' ? 1 : -1
    this.#seen = seenSoFar(space)
    for (const { point } of journal.trials) this.#seen.add(point)
    this.#unfinished = journal.trials.filter(({ state }) => !isFinished(state))
    this.#follower = follow(journal.trials, limits, direction)
    if (limits.seconds !== undefined) {
      this.#timer = setTimeout(() => this.#halt('time'), Math.min(limits.seconds * 1000, 2 ** 31 - 1))
    }
    signal?.addEventListener('abort', this.#interrupt)
    if (signal?.aborted) this.#halt('interrupted')
  }

  readonly #interrupt = () => this.#halt('interrupted')

  dispose(): void {
    clearTimeout(this.#timer)
    this.#options.signal?.removeEventListener('abort', this.#interrupt)
  }

  async *events(): AsyncGenerator<SearchEvent, void, undefined> {
    const { journal, limits } = this.#options
    const finished = journal.trials.filter(({ state }) => isFinished(state)).length
    yield { type: 'started', trials: limits.trials, finished }
    this.#advance()
    for (;;) {
      this.#beginAll()
      const next = this.#queue.shift()
      if (next !== undefined) yield next
      else if (this.#running.size === 0) break
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
    if (this.#error !== undefined) throw this.#error
  }

  result(): SearchResult {
    const { journal, direction } = this.#options
    const { reason, trial } = this.#stop ?? {
      reason: this.#isExhausted ? ('exhausted' as const) : ('trials' as const),
    }
    const trials = trial === undefined ? journal.trials : journal.trials.slice(0, trial + 1)
    journal.end(reason, trials.length)
    return { reason, trials, best: bestOf(trials, direction) }
  }

  #emit(event: SearchEvent): void {
    this.#queue.push(event)
    this.#wake()
  }

  /** Stops: running trials keep what they have, and reports that wait are answered. */
  #halt(reason: StopReason, trial?: number): void {
    if (this.#stop !== undefined) return
    this.#stop = { reason, ...(trial === undefined ? {} : { trial }) }
    this.#options.pool.interrupt()
    for (const { answer } of this.#pending) answer('interrupt')
    this.#pending = []
    this.#wake()
  }

  /** Judges what has ended, where nothing has stopped the search yet. */
  #advance(): void {
    if (this.#stop !== undefined) return
    const reached = this.#follower.advance()
    if (reached !== undefined) this.#halt(reached.reason, reached.trial)
  }

  #beginAll(): void {
    const { journal, limits, sampler, pool } = this.#options
    while (this.#stop === undefined && this.#running.size < pool.workers && this.#queue.length === 0) {
      const cut = this.#unfinished.shift()
      if (cut !== undefined) {
        if (cut.state === 'waiting') journal.mark(cut, 'running')
        this.#start(cut, true)
        continue
      }
      const n = journal.trials.length
      if (n >= limits.trials || this.#isExhausted) return
      if (sampler.seesResults && this.#follower.prefix < n - this.#lag) return
      const { results } = this.#seen
      while (results.length < n - this.#lag)
        results.push(resultOf(journal.trials[results.length], this.#sign))
      const point = sampler.propose(n, this.#seen)
      if (point === undefined) {
        this.#isExhausted = true
        return
      }
      this.#seen.add(point)
      this.#start(journal.begin(point), false)
    }
  }

  #start(trial: Trial, resumed: boolean): void {
    const { pool, journal } = this.#options
    this.#running.add(trial)
    const { number, point } = trial
    const { worker, outcome } = pool.run({ number, point, resumed }, (step, value) =>
      this.#report(trial, step, value),
    )
    journal.set(trial, { worker })
    this.#emit({ type: 'begun', trial, worker, resumed })
    outcome.then(
      (ended) => this.#end(trial, ended),
      (error) => {
        this.#error ??= error
        this.#halt('interrupted')
        this.#end(trial, { type: 'interrupted' })
      },
    )
  }

  #report(trial: Trial, step: number, value: number): Promise<Verdict> {
    const { journal, pruner } = this.#options
    const known = trial.steps.indexOf(step)
    if (known >= 0 && trial.values[known] !== value) {
      const message = `Trial ${trial.number}, step ${step}: ${value} where the journal has ${trial.values[known]}; the journal's stands.`
      this.#emit({ type: 'warning', message })
    }
    journal.report(trial, step, value)
    if (known < 0) this.#emit({ type: 'report', trial, step, value })
    if (this.#stop !== undefined) return Promise.resolve('interrupt')
    this.#settle()
    if (!pruner.looksAt(step, trial.number)) return Promise.resolve('continue')
    return new Promise((answer) => {
      this.#pending.push({ trial, step, answer })
      this.#settle()
    })
  }

  /** Answers the reports for which everything is known that they may look at. */
  #settle(): void {
    const still = this.#pending.filter(({ trial, step, answer }) => {
      const others = this.#othersOf(trial, step)
      if (others === undefined) return true
      const own = standingAt(trial, step, this.#sign)
      answer(own !== undefined && this.#options.pruner.prunes(own, others, step) ? 'prune' : 'continue')
      return false
    })
    this.#pending = still
  }

  /** The standings that a decision may look at; undefined while one of them is not settled. */
  #othersOf({ number }: Trial, step: number): Standing[] | undefined {
    const { trials } = this.#options.journal
    const others: Standing[] = []
    for (let m = 0; m < number - this.#lag; m++) {
      if (!isSettledAt(trials[m], step)) return undefined
      const standing = standingAt(trials[m], step, this.#sign)
      if (standing !== undefined) others.push(standing)
    }
    return others
  }

  #end(trial: Trial, outcome: Outcome): void {
    this.#running.delete(trial)
    writeOutcome(this.#options.journal, trial, outcome, this.#sign)
    if (isFinished(trial.state)) {
      this.#emit({ type: 'ended', trial, isBest: this.#follower.isBest(trial) })
      this.#advance()
      this.#settle()
    } else if (this.#stop === undefined) {
      this.#error ??= new Error(`Trial ${trial.number} stopped without being asked to.`)
      this.#halt('interrupted')
    }
    this.#wake()
  }
}
