import type { EpochEvent, RunEvent } from '../record/events.ts'

/** What a run's events amount to, at any moment of it: a plain value, for terminal, report, server and page alike. */
export interface RunSummary {
  /** By the last event: `running` until one ends it; `interrupted` where it waits to be resumed. */
  readonly status: 'running' | 'interrupted' | 'finished' | 'failed'
  /** Epochs asked for; 0 before it started. */
  readonly epochs: number
  /** The last epoch that is done; 0 before the first. */
  readonly epoch: number
  /** The epoch whose weights are kept: the best so far by the monitored metric. */
  readonly best: EpochEvent | undefined
  /** Every epoch that is done. */
  readonly history: readonly EpochEvent[]
  /** Of the whole run once it is finished, of its epochs until then. */
  readonly seconds: number
  /** Of the whole run once it is finished, of the last epoch until then; undefined before the first. */
  readonly imagesPerSecond: number | undefined
  /** SHA-256, hex, of the weights of a finished run. */
  readonly weightsHash: string | undefined
  /** Of a finished run: the figures of its best epoch on the validation split. */
  readonly validation: { readonly loss: number | null; readonly accuracy: number | null } | undefined
  /** Why it stopped before its last epoch, as a sentence. */
  readonly stopped: string | undefined
  /** Why and where it failed. */
  readonly failure: { readonly epoch: number; readonly step: number; readonly message: string } | undefined
}

/** Where an event stands for the run's end, or for a pause; a run that goes on after it is running again. */
function statusOf(last: RunEvent | undefined): RunSummary['status'] {
  if (last?.type === 'finished' || last?.type === 'failed') return last.type
  return last?.type === 'stopped' && last.reason === 'interrupted' ? 'interrupted' : 'running'
}

/** Whether a run has come to its end, well or not: nothing is left to be resumed. */
export const hasEnded = (events: readonly RunEvent[]): boolean =>
  ['finished', 'failed'].includes(statusOf(events.at(-1)))

/** Summarizes a run by its events, of which any beginning will do. */
export function summarize(events: readonly RunEvent[]): RunSummary {
  const history = events.filter((event) => event.type === 'epoch')
  const finished = events.findLast((event) => event.type === 'finished')
  const failed = events.findLast((event) => event.type === 'failed')
  const best = finished
    ? history.find(({ epoch }) => epoch === finished.bestEpoch)
    : history.findLast((epoch) => epoch.best)
  return {
    status: statusOf(events.at(-1)),
    epochs: events.find((event) => event.type === 'started')?.epochs ?? 0,
    epoch: history.at(-1)?.epoch ?? 0,
    best,
    history,
    seconds: finished?.seconds ?? history.reduce((sum, { seconds }) => sum + seconds, 0),
    imagesPerSecond: finished?.imagesPerSecond ?? history.at(-1)?.imagesPerSecond,
    weightsHash: finished?.weightsHash,
    validation: finished?.validation,
    stopped: events.findLast((event) => event.type === 'stopped')?.message,
    failure: failed && { epoch: failed.epoch, step: failed.step, message: failed.message },
  }
}
