import { batch, signal } from '@preact/signals'
import { errorOf } from '../training/faults.ts'
import type { Command, ModelSummary, Report, Sight } from './protocol.ts'

/** The network on its way, here, or not to be had. */
export type ModelState =
  | { readonly type: 'opening' }
  | { readonly type: 'here'; readonly summary: ModelSummary }
  /** There is none of that name: nothing is wrong, but something else must be chosen. */
  | { readonly type: 'none' }
  | { readonly type: 'failed'; readonly error: Error }

/** What the page knows of the network that recognizes and of what it saw last. */
export const recognition = {
  model: signal<ModelState>({ type: 'none' }),
  isLooking: signal(false),
  sight: signal<Sight | undefined>(undefined),
  error: signal<Error | undefined>(undefined),
}

let worker: Worker | undefined
/** The picture that waits for the network. */
let waiting: Blob | ImageBitmap | undefined
/** The number of the model that was asked for last: answers to earlier wishes come too late. */
let wished = 0

function theWorker(): Worker {
  if (worker !== undefined) return worker
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<Report>) => batch(() => hear(data))
  worker.onerror = ({ message }) => {
    const error = new Error(message || 'The worker could not be started.')
    recognition.model.value = { type: 'failed', error }
    worker = undefined
  }
  return worker
}

const ask = (command: Command) => theWorker().postMessage(command)

function hear(report: Report): void {
  switch (report.type) {
    case 'model':
      recognition.model.value = { type: 'here', summary: report.summary }
      if (waiting !== undefined) look(waiting)
      return
    case 'noModel':
      recognition.model.value = { type: 'failed', error: errorOf(report.fault) }
      return
    case 'seen':
      recognition.isLooking.value = false
      recognition.sight.value = report.sight
      recognition.error.value = undefined
      return
    case 'notSeen':
      recognition.isLooking.value = false
      recognition.sight.value = undefined
      recognition.error.value = errorOf(report.fault)
      return
    default:
      report satisfies never
  }
}

/** Takes a network from its weights file; `fetchBytes` gives undefined where there is none. */
export async function openModel(
  at: string,
  fetchBytes: () => Promise<Uint8Array | undefined>,
): Promise<void> {
  wished += 1
  const mine = wished
  batch(() => {
    recognition.model.value = { type: 'opening' }
    recognition.sight.value = undefined
    recognition.error.value = undefined
  })
  try {
    const bytes = await fetchBytes()
    if (mine !== wished) return
    if (bytes === undefined) recognition.model.value = { type: 'none' }
    else ask({ type: 'model', bytes, at })
  } catch (error) {
    if (mine === wished) recognition.model.value = { type: 'failed', error: error as Error }
  }
}

/** Shows the network a picture, at once or when it is here. */
export function look(picture: Blob | ImageBitmap): void {
  if (recognition.model.peek().type !== 'here') {
    waiting = picture
    return
  }
  waiting = undefined
  recognition.isLooking.value = true
  ask({ type: 'look', picture })
}

/** Forgets the picture. */
export function forget(): void {
  waiting = undefined
  recognition.sight.value = undefined
  recognition.error.value = undefined
}

/** Asks what in the picture speaks for a class. */
export const explain = (label: number) => ask({ type: 'explain', label })
