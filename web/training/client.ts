import { batch, signal } from '@preact/signals'
import type { ModelSpec } from '../../src/model/spec.ts'
import type { ProgressEvent, RunEvent } from '../../src/record/events.ts'
import { errorOf } from '../base/fault.ts'
import { openThread } from '../base/thread.ts'
import type {
  Command,
  DataRequest,
  DataSummary,
  Outcome,
  Report,
  Snapshot,
  TrainingRequest,
} from './protocol.ts'

/** The data under way, open, or not to be had. */
export type DataState =
  | { readonly type: 'none' | 'opening' }
  | { readonly type: 'open'; readonly summary: DataSummary }
  | { readonly type: 'failed'; readonly error: Error }

/** How the training stands. */
export type Status = 'idle' | 'running' | 'paused' | 'stopping' | 'ended' | 'failed'

/** What the page knows of the training in its worker; it outlives the view that shows it. */
export const training = {
  data: signal<DataState>({ type: 'none' }),
  status: signal<Status>('idle'),
  /** Of the current or the last training. */
  model: signal<ModelSpec | undefined>(undefined),
  /** The command that repeats it. */
  command: signal(''),
  events: signal<readonly RunEvent[]>([]),
  progress: signal<ProgressEvent | undefined>(undefined),
  confusion: signal<readonly (readonly number[])[] | undefined>(undefined),
  snapshot: signal<Snapshot | undefined>(undefined),
  outcome: signal<Outcome | undefined>(undefined),
  error: signal<Error | undefined>(undefined),
}

const thread = openThread<Command, Report>({
  start: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  onReport: collect,
  onError(error) {
    training.error.value = error
    training.status.value = 'failed'
  },
})

/** Milliseconds between two changes of what is shown: short epochs come faster than anybody can look. */
const SHOWN = 150

let collected: Report[] = []
let timer: ReturnType<typeof setTimeout> | undefined

/** Collects what a training tells; all else is taken at once. */
function collect(report: Report): void {
  collected.push(report)
  if (!['event', 'confusion', 'snapshot'].includes(report.type)) takeAll()
  else timer ??= setTimeout(takeAll, SHOWN)
}

function takeAll(): void {
  clearTimeout(timer)
  timer = undefined
  const reports = collected
  collected = []
  batch(() => {
    const events = reports.flatMap((report) => (report.type === 'event' ? [report.event] : []))
    const kept = events.filter((event) => event.type !== 'progress')
    if (kept.length > 0) training.events.value = [...training.events.value, ...kept]
    training.progress.value = events.findLast((event) => event.type === 'progress') ?? training.progress.value
    for (const report of reports) take(report)
  })
}

function take(report: Report): void {
  switch (report.type) {
    case 'data':
      training.data.value = { type: 'open', summary: report.summary }
      return
    case 'dataFailed':
      training.data.value = { type: 'failed', error: errorOf(report.fault) }
      return
    case 'event':
      return // taken with the others
    case 'confusion':
      training.confusion.value = report.confusion
      return
    case 'snapshot':
      training.snapshot.value = report.snapshot
      return
    case 'ended':
      training.outcome.value = report.outcome
      training.status.value = 'ended'
      return
    case 'failed':
      training.error.value = errorOf(report.fault)
      training.status.value = 'failed'
      return
    default:
      report satisfies never
  }
}

export const isBusy = () => ['running', 'paused', 'stopping'].includes(training.status.value)

/** Loads data in the worker. A load that has not come to its end is given up for a newer one. */
export function openData(data: DataRequest, validation: number): void {
  if (training.data.value.type === 'opening') {
    thread.terminate()
  }
  training.data.value = { type: 'opening' }
  thread.post({ type: 'open', data, validation })
}

/** Says what is wrong with the data before any is loaded. */
export function refuseData(error: Error): void {
  training.data.value = { type: 'failed', error }
}

/** Starts a training on the data that are open. */
export function start(request: TrainingRequest, command: string): void {
  batch(() => {
    training.status.value = 'running'
    training.model.value = request.model
    training.command.value = command
    training.events.value = []
    training.progress.value = undefined
    training.confusion.value = undefined
    training.snapshot.value = undefined
    training.outcome.value = undefined
    training.error.value = undefined
  })
  thread.post({ type: 'train', ...request })
}

export function pause(): void {
  training.status.value = 'paused'
  thread.post({ type: 'pause' })
}

export function resume(): void {
  training.status.value = 'running'
  thread.post({ type: 'resume' })
}

/** Ends the training after the step that it is in; the best epoch's weights are kept. */
export function stop(): void {
  training.status.value = 'stopping'
  thread.post({ type: 'stop' })
}

/** Shows the network an image of the gallery. */
export const show = (image: number) => thread.post({ type: 'show', image })
