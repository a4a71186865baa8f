import { FailureError } from '../base/errors.ts'
import { shellQuoted } from '../base/shell.ts'
import { spreadOf } from '../base/statistics/spread.ts'
import type { RecordedRun } from '../runs/recorded-run.ts'
import { summarize } from '../runs/summarize.ts'
import type { Terminal } from './terminal.ts'

/** What `train --json` says of one run. */
export function documentOf(directory: string, { manifest, events, result }: RecordedRun) {
  const { engine, settings } = manifest
  const summary = summarize(events)
  const history = summary.history.map(({ epoch, loss, accuracy, valLoss, valAccuracy, seconds }) => ({
    epoch,
    loss,
    accuracy,
    valLoss,
    valAccuracy,
    seconds,
  }))
  return {
    run: directory,
    status: result.status,
    model: manifest.model.name,
    parameters: manifest.parameters,
    ...engine,
    seed: settings.seed,
    epochs: history.length,
    bestEpoch: result.bestEpoch,
    stopped: summary.stopped ?? null,
    seconds: summary.seconds,
    imagesPerSecond: summary.imagesPerSecond ?? null,
    weightsHash: summary.weightsHash ?? null,
    history,
    validation: summary.validation ?? null,
  }
}

const percent = (share: number) => (100 * share).toFixed(2)

/** Says how a run ended; whether there is nothing left to do. */
export function printRun(terminal: Terminal, directory: string, run: RecordedRun): 'done' | 'interrupted' {
  if (run.result.status === 'diverged') {
    throw new FailureError(summarize(run.events).failure?.message ?? 'Training failed.')
  }
  if (run.result.status === 'interrupted') {
    terminal.print(
      `Interrupted; the best weights so far are kept. Resume with: atelier train --resume ${shellQuoted(directory)}`,
    )
    return 'interrupted'
  }
  const { bestEpoch, validation, weightsHash } = documentOf(directory, run)
  terminal.print(
    `Best epoch ${bestEpoch}: val. loss ${validation?.loss?.toFixed(4)}, val. accuracy ` +
      `${percent(validation?.accuracy ?? 0)} %. Weights ${weightsHash?.slice(0, 16)}…\n` +
      `Recorded in ${directory}. Next: atelier evaluate ${shellQuoted(directory)}`,
  )
  return 'done'
}

/** Validation accuracy over the seeds that came to their end: mean, standard deviation, half the width of the 95 % interval. */
export function overSeeds(runs: readonly RecordedRun[]) {
  const accuracies = runs.flatMap(({ events }) => summarize(events).validation?.accuracy ?? [])
  const { ci95HalfWidth = null, ...spread } = spreadOf(accuracies)
  return spread.count === 0 ? null : { ...spread, ci95HalfWidth }
}

/** The same in a sentence. */
export function seedsText(found: NonNullable<ReturnType<typeof overSeeds>>): string {
  const { count, mean, ci95HalfWidth } = found
  const reach =
    ci95HalfWidth === null ? '' : ` ± ${percent(ci95HalfWidth)} (95 % interval of the mean, Student’s t)`
  return `Over ${count} ${count === 1 ? 'seed' : 'seeds'}: val. accuracy ${percent(mean)} %${reach}`
}
