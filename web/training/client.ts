import { batch, signal } from '@preact/signals'
import type { ModelSpec } from '../../src/model/spec.ts'
import type { ProgressEvent, RunEvent } from '../../src/record/events.ts'
import { errorOf } from './faults.ts'
import type { Command, DataSummary, DataWish, Look, Outcome, Report, TrainingWish } from './protocol.ts'

/** The data on their way, here, or not to be had. */
export type DataState =
  | { readonly type: 'none' | 'opening' }
  | { readonly type: 'here'; readonly summary: DataSummary }
  | { readonly type: 'failed'; readonly error: Error }

/** Whether a network learns. */
export type Status = 'idle' | 'running' | 'paused' | 'stopping' | 'ended' | 'failed'

/** What the page knows of the training in its worker; it outlives the view that shows it. */
export const training = {
  data: signal<DataState>({ type: 'none' }),
  status: signal<Status>('idle'),
  /** Of the training that runs or was the last to run. */
  model: signal<ModelSpec | undefined>(undefined),
  /** The line that repeats it. */
  line: signal(''),
  events: signal<readonly RunEvent[]>([]),
  progress: signal<ProgressEvent | undefined>(undefined),
  confusion: signal<readonly (readonly number[])[] | undefined>(undefined),
  look: signal<Look | undefined>(undefined),
  outcome: signal<Outcome | undefined>(undefined),
  error: signal<Error | undefined>(undefined),
}

let worker: Worker | undefined

function theWorker(): Worker {
  if (worker !== undefined) return worker
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<Report>) => take(data)
  worker.onerror = ({ message }) => {
    training.error.value = new Error(message || 'The worker could not be started.')
    training.status.value = 'failed'
    worker = undefined
  }
  return worker
}

const ask = (command: Command) => theWorker().postMessage(command)

/** Milliseconds between two changes of what is shown: short epochs come faster than anybody can look. */
const SHOWN = 150

let untold: Report[] = []
let timer: ReturnType<typeof setTimeout> | undefined

/** Gathers what a training tells; all else is heard at once. */
function take(report: Report): void {
  untold.push(report)
  if (!['event', 'confusion', 'look'].includes(report.type)) tellAll()
  else timer ??= setTimeout(tellAll, SHOWN)
}

function tellAll(): void {
  clearTimeout(timer)
  timer = undefined
  const reports = untold
  untold = []
  batch(() => {
    const events = reports.flatMap((report) => (report.type === 'event' ? [report.event] : []))
    const kept = events.filter((event) => event.type !== 'progress')
    if (kept.length > 0) training.events.value = [...training.events.value, ...kept]
    training.progress.value = events.findLast((event) => event.type === 'progress') ?? training.progress.value
    for (const report of reports) hear(report)
  })
}

function hear(report: Report): void {
  switch (report.type) {
    case 'data':
      training.data.value = { type: 'here', summary: report.summary }
      return
    case 'noData':
      training.data.value = { type: 'failed', error: errorOf(report.fault) }
      return
    case 'event':
      return // told with the others
    case 'confusion':
      training.confusion.value = report.confusion
      return
    case 'look':
      training.look.value = report.look
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
export function openData(data: DataWish, validation: number): void {
  if (training.data.value.type === 'opening') {
    worker?.terminate()
    worker = undefined
  }
  training.data.value = { type: 'opening' }
  ask({ type: 'open', data, validation })
}

/** Says what is wrong with the data before any is loaded. */
export function refuseData(error: Error): void {
  training.data.value = { type: 'failed', error }
}

/** Begins a training on the data that are there. */
export function begin(wish: TrainingWish, line: string): void {
  batch(() => {
    training.status.value = 'running'
    training.model.value = wish.model
    training.line.value = line
    training.events.value = []
    training.progress.value = undefined
    training.confusion.value = undefined
    training.look.value = undefined
    training.outcome.value = undefined
    training.error.value = undefined
  })
  ask({ type: 'train', ...wish })
}

export function pause(): void {
  training.status.value = 'paused'
  ask({ type: 'pause' })
}

export function goOn(): void {
  training.status.value = 'running'
  ask({ type: 'goOn' })
}

/** Ends the training after the step that it is in; the best epoch's weights are kept. */
export function stop(): void {
  training.status.value = 'stopping'
  ask({ type: 'stop' })
}

/** Shows the network an image of the gallery. */
export const show = (image: number) => ask({ type: 'show', image })
