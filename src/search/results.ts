import { key } from '../base/random.ts'
import { sharesDiffer } from '../base/statistics/shares.ts'
import { spreadOf } from '../base/statistics/spread.ts'
import { meansDiffer } from '../base/statistics/t-tests.ts'
import { ranked } from '../tuning/best.ts'
import type { Domain, Scalar } from '../tuning/domain.ts'
import { importances } from '../tuning/importance.ts'
import { type Direction, isFinished } from '../tuning/journal/operations.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import type { OpenSpace } from '../tuning/open-space.ts'
import { trialDirectory } from './objective.ts'
import type { AxisRecord, SearchRecord, TrialRecord } from './record.ts'

/** What the results are told beside the trials. */
export interface ResultsHead {
  readonly name: string
  readonly command: string
  readonly dataset: string
  readonly sampler: string
  readonly pruner: string
  readonly seed: number
  /** The column that was searched. */
  readonly metric: string
  readonly direction: Direction
  readonly reason: string
  readonly repeats: number
  /** Images that a value was measured on. */
  readonly validationImages: number
}

const iso = (local: string) => (local === '' ? local : new Date(local).toISOString())

/** A trial as it is written down. */
export function trialRecordOf({
  number,
  state,
  value,
  point,
  attributes,
  start,
  end,
  steps,
  values,
}: Trial): TrialRecord {
  const figure = (name: string) => (typeof attributes[name] === 'number' ? { [name]: attributes[name] } : {})
  const { seconds, weights_hash: weightsHash, repeats, message, worker } = attributes
  return {
    trial: number,
    state,
    value: value ?? null,
    parameters: { ...point },
    ...figure('loss'),
    ...figure('acc'),
    ...figure('val_loss'),
    ...figure('val_acc'),
    ...figure('round_epochs'),
    start: iso(start),
    end: end === undefined ? null : iso(end),
    ...(typeof seconds === 'number' ? { duration: seconds } : {}),
    ...(typeof worker === 'number' ? { worker } : {}),
    steps: [...steps],
    values: [...values],
    ...(typeof weightsHash === 'string' ? { weightsHash } : {}),
    ...(Array.isArray(repeats) ? { repeats: repeats as number[] } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  }
}

const axisOf = ([name, domain]: [string, Domain]): AxisRecord =>
  domain.kind === 'oneOf'
    ? { name, values: inOrder(domain.values), log: false }
    : { name, low: domain.low, high: domain.high, log: domain.log }

/** Numbers ascending; words as they were listed. */
const inOrder = (values: readonly Scalar[]) =>
  values.every((value) => typeof value === 'number')
    ? [...values].sort((a, b) => Number(a) - Number(b))
    : [...values]

/** A search as one plain value. */
export function searchRecordOf(head: ResultsHead, trials: readonly Trial[], space: OpenSpace): SearchRecord {
  const { repeats, validationImages, ...rest } = head
  const inState = (state: Trial['state']) => trials.filter((trial) => trial.state === state).length
  const order = ranked(trials, head.direction)
  const [first, second] = order
  const complete = trials.filter(({ state }) => state === 'complete')
  // Pruned trials are judged by what they had reached; they count where there are few that came to their end.
  const explained = complete.length >= 20 ? complete : trials.filter(({ state }) => state !== 'failed')
  const importance = importances(explained, space, key(head.seed).child('importance'))
  return {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    ...rest,
    axes: Object.entries(space.space.parameters).map(axisOf),
    counts: {
      trials: trials.length,
      complete: inState('complete'),
      pruned: inState('pruned'),
      failed: inState('failed'),
      unfinished: trials.filter(({ state }) => !isFinished(state)).length,
    },
    trainingSeconds: trials.reduce((sum, { attributes }) => sum + Number(attributes.seconds ?? 0), 0),
    trials: trials.map(trialRecordOf),
    ...(first === undefined
      ? {}
      : {
          best: {
            trial: first.number,
            value: first.value!,
            ...halfOf(first),
            parameters: { ...first.point },
            run: trialDirectory(first.number, repeats),
            roundsToBest: first.number + 1,
          },
        }),
    note: noteOn(first, second, head),
    ...(importance === undefined ? {} : { importance }),
  }
}

const repeatsOf = ({ attributes, value }: Trial): number[] =>
  Array.isArray(attributes.repeats) ? (attributes.repeats as number[]) : [value!]

function halfOf(trial: Trial): { half?: number } {
  const { half } = spreadOf(repeatsOf(trial))
  return half === undefined ? {} : { half }
}

/** What may be concluded of the winner. */
function noteOn(first: Trial | undefined, second: Trial | undefined, head: ResultsHead): string {
  if (first === undefined) return 'No trial came to its end.'
  if (second === undefined) return `Trial ${first.number} is the only one that came to its end.`
  const names = `Trial ${first.number} and the runner-up, trial ${second.number},`
  const lead = Math.abs(first.value! - second.value!)
  if (head.repeats > 1) {
    const [a, b] = [first, second].map((trial) => spreadOf(repeatsOf(trial)))
    return meansDiffer(a, b)
      ? `Over ${head.repeats} seeds trial ${first.number} is better than the runner-up, trial ${second.number} (95 % level).`
      : `${names} cannot be told apart over ${head.repeats} seeds: the lead of ${lead.toFixed(4)} is within their spread.`
  }
  if (head.metric !== 'val_acc')
    return `${names} were trained with one seed each: repeats with other seeds tell how much is chance.`
  return sharesDiffer(first.value!, second.value!, head.validationImages)
    ? `Trial ${first.number} leads the runner-up, trial ${second.number}, by more than the chance of its ${head.validationImages.toLocaleString('en-US')} validation images; seeds were not varied.`
    : `${names} cannot be told apart: the lead of ${lead.toFixed(4)} is within the chance of ${head.validationImages.toLocaleString('en-US')} validation images. Repeats with other seeds tell more.`
}

/** The table of a search with the reference's columns: every parameter, then the figures. */
export function resultsCsv({ trials, axes }: SearchRecord): string {
  const names = axes.map(({ name }) => name)
  const figures = ['loss', 'acc', 'val_loss', 'val_acc', 'round_epochs', 'start', 'end', 'duration'] as const
  const head = ['trial', ...names, ...figures, 'state', 'value', 'weights_hash']
  const rows = trials.map((trial) => [
    trial.trial,
    ...names.map((name) => trial.parameters[name]),
    ...figures.map((name) => trial[name]),
    trial.state,
    trial.value,
    trial.weightsHash,
  ])
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
