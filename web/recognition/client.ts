import { batch, signal } from '@preact/signals'
import { errorOf } from '../base/fault.ts'
import { openThread } from '../base/thread.ts'
import type { Command, ExplainedPrediction, ModelSummary, Report } from './protocol.ts'

/** The network under way, here, or not to be had. */
export type ModelState =
  | { readonly type: 'opening' }
  | { readonly type: 'open'; readonly summary: ModelSummary }
  /** There is none of that name: nothing is wrong, but something else must be chosen. */
  | { readonly type: 'none' }
  | { readonly type: 'failed'; readonly error: Error }

/** What the page knows of the network that recognizes and of its last prediction. */
export const recognition = {
  model: signal<ModelState>({ type: 'none' }),
  isPredicting: signal(false),
  explained: signal<ExplainedPrediction | undefined>(undefined),
  error: signal<Error | undefined>(undefined),
}

/** The picture that waits for the network. */
let waiting: Blob | ImageBitmap | undefined
/** Counts the networks that were asked for: one that arrives after a newer was asked for comes too late. */
let asked = 0

const thread = openThread<Command, Report>({
  start: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  onReport: (report) => batch(() => take(report)),
  onError(error) {
    recognition.model.value = { type: 'failed', error }
  },
})

function take(report: Report): void {
  switch (report.type) {
    case 'opened':
      recognition.model.value = { type: 'open', summary: report.summary }
      if (waiting !== undefined) predict(waiting)
      return
    case 'openFailed':
      recognition.model.value = { type: 'failed', error: errorOf(report.fault) }
      return
    case 'predicted':
      recognition.isPredicting.value = false
      recognition.explained.value = report.explained
      recognition.error.value = undefined
      return
    case 'predictFailed':
      recognition.isPredicting.value = false
      recognition.explained.value = undefined
      recognition.error.value = errorOf(report.fault)
      return
    default:
      report satisfies never
  }
}

/** Opens a network from its weights file; `fetchBytes` gives undefined where there is none. */
export async function openModel(
  at: string,
  fetchBytes: () => Promise<Uint8Array | undefined>,
): Promise<void> {
  asked += 1
  const mine = asked
  batch(() => {
    recognition.model.value = { type: 'opening' }
    recognition.explained.value = undefined
    recognition.error.value = undefined
  })
  try {
    const bytes = await fetchBytes()
    if (mine !== asked) return
    if (bytes === undefined) recognition.model.value = { type: 'none' }
    else thread.post({ type: 'open', bytes, at })
  } catch (error) {
    if (mine === asked) recognition.model.value = { type: 'failed', error: error as Error }
  }
}

/** Shows the network a picture, at once or when it is open. */
export function predict(picture: Blob | ImageBitmap): void {
  if (recognition.model.peek().type !== 'open') {
    waiting = picture
    return
  }
  waiting = undefined
  recognition.isPredicting.value = true
  thread.post({ type: 'predict', picture })
}

/** Forgets the picture and what was said of it. */
export function clear(): void {
  waiting = undefined
  recognition.explained.value = undefined
  recognition.error.value = undefined
}

/** Asks what in the picture speaks for a class. */
export const explain = (label: number) => thread.post({ type: 'explain', label })
