import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FailureError, InputError } from '../../base/errors.ts'
import { typeScriptLoader } from '../typescript.ts'
import type { FromWorker, ObjectiveSource, ToWorker } from './messages.ts'
import type { Outcome, Pool, Reporter, Task } from './pool.ts'

/**
 * Milliseconds before the death of a worker counts as its trial's failure: when the whole search is being killed, a
 * worker may die a moment before it, and its trial is then one to go on with.
 */
const GRACE = 250

const isTypeScript = import.meta.url.endsWith('.ts')
const entry = new URL(isTypeScript ? './worker.ts' : './worker.js', import.meta.url)

interface Job {
  readonly task: Task
  readonly report: Reporter
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: Error) => void
}

/** The death of a process before it had opened its objective. */
class Died extends Error {}

/** One place for a worker process, which is started when it is first needed and again when it has died. */
class Place {
  readonly #source: ObjectiveSource
  #child: ChildProcess | undefined
  #opened: Promise<void> | undefined
  #job: Job | undefined
  #isClosing = false

  constructor(source: ObjectiveSource) {
    this.#source = source
  }

  get isFree(): boolean {
    return this.#job === undefined
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  run(task: Task, report: Reporter): Promise<Outcome> {
    return new Promise<Outcome>((resolve, reject) => {
      this.#job = { task, report, resolve, reject }
      this.#opened ??= this.#open()
      this.#opened.then(
        () => this.#send({ type: 'trial', task }),
        (error: Error) => {
          // A process that died while it started costs its trial (`#lose`); one that cannot open the objective ends the search.
          if (!(error instanceof Died)) this.#take()?.reject(error)
        },
      )
    })
  }

  interrupt(): void {
    this.#send({ type: 'interrupt' })
  }

  async close(): Promise<void> {
    this.#isClosing = true
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.disconnect()
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
    await gone
    clearTimeout(timer)
  }

  #send(message: ToWorker): void {
    if (this.#child?.connected) this.#child.send(message, () => {}) // a worker that is gone is noticed by its exit
  }

  /** Takes the job that is being done away. */
  #take(): Job | undefined {
    const job = this.#job
    this.#job = undefined
    return job
  }

  #open(): Promise<void> {
    const loader = isTypeScript ? typeScriptLoader() : undefined
    const child = fork(fileURLToPath(entry), {
      execArgv: loader === undefined ? [] : ['--import', loader],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child = child
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000)
    })
    return new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromWorker) => {
        if (message.type === 'opened') resolve()
        else if (message.type === 'refused') reject(refusal(message))
        else this.#hear(message)
      })
      child.once('exit', (code, signal) => {
        this.#child = undefined
        this.#opened = undefined
        reject(new Died())
        if (!this.#isClosing) setTimeout(() => this.#lose(signal ?? `exit ${code}`, said), GRACE)
      })
      this.#send({ type: 'open', source: this.#source })
    })
  }

  #hear(message: Extract<FromWorker, { type: 'report' | 'ended' }>): void {
    const job = this.#job
    if (job === undefined || job.task.number !== message.number) return
    if (message.type === 'ended') {
      this.#take()?.resolve(message.outcome)
      return
    }
    const { step, value } = message
    job.report(step, value).then((verdict) => this.#send({ type: 'verdict', step, verdict }), job.reject)
  }

  /** The process died under its trial. */
  #lose(how: string, said: string): void {
    const tail = said.trim() === '' ? '' : ` It said: ${said.trim().split('\n').at(-1)}`
    const message = `The worker process ended (${how}).${tail}`
    this.#take()?.resolve({ type: 'failed', reason: 'killed', message, attributes: {} })
  }
}

function refusal({ message, isInput }: Extract<FromWorker, { type: 'refused' }>): Error {
  return isInput
    ? Object.assign(new InputError({ at: '', expected: '' }), { message })
    : new FailureError(`A worker could not begin: ${message}`)
}

/** A pool of processes, and who they are. */
export interface ProcessPool extends Pool {
  /** The processes that live now. */
  pids(): readonly number[]
}

/** Worker processes, one trial each at a time. A trial whose process dies has failed; another process takes the place. */
export function processPool(source: ObjectiveSource, workers: number): ProcessPool {
  const places = Array.from({ length: workers }, () => new Place(source))
  return {
    workers,
    run(task, report) {
      const worker = places.findIndex((place) => place.isFree)
      if (worker < 0) throw new Error('All workers are busy.')
      return { worker, outcome: places[worker].run(task, report) }
    },
    interrupt() {
      for (const place of places) place.interrupt()
    },
    async close() {
      await Promise.all(places.map((place) => place.close()))
    },
    pids: () => places.flatMap(({ pid }) => pid ?? []),
  }
}
