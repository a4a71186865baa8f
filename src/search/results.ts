import { csvLine } from '../base/csv.ts'
import { key } from '../base/random.ts'
import { spreadOf } from '../base/statistics/spread.ts'
import { ranked } from '../tuning/best.ts'
import type { Domain, Scalar } from '../tuning/domain.ts'
import { importances } from '../tuning/importance.ts'
import { type Direction, isFinished } from '../tuning/journal/operations.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import type { OpenSpace } from '../tuning/open-space.ts'
import type { Space } from '../tuning/space.ts'
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
  readonly metric: SearchRecord['metric']
  readonly direction: Direction
  readonly stopReason: string
  readonly repeats: number
  readonly validationImages?: number
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
  const figure = (name: string, attribute: string) =>
    typeof attributes[attribute] === 'number' ? { [name]: attributes[attribute] } : {}
  const { weights_hash: weightsHash, repeats, message } = attributes
  return {
    trial: number,
    state,
    value: value ?? null,
    parameters: { ...point },
    ...figure('loss', 'loss'),
    ...figure('accuracy', 'acc'),
    ...figure('valLoss', 'val_loss'),
    ...figure('valAccuracy', 'val_acc'),
    ...figure('epochs', 'round_epochs'),
    startedAt: iso(start),
    endedAt: end === undefined ? null : iso(end),
    ...figure('seconds', 'seconds'),
    ...figure('worker', 'worker'),
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

/** The parameters of a space as figures draw them. */
export const axesOf = ({ parameters }: Space): AxisRecord[] => Object.entries(parameters).map(axisOf)

/** A search as one plain value. */
export function searchRecordOf(head: ResultsHead, trials: readonly Trial[], space: OpenSpace): SearchRecord {
  const inState = (state: Trial['state']) => trials.filter((trial) => trial.state === state).length
  const [first] = ranked(trials, head.direction)
  const complete = trials.filter(({ state }) => state === 'complete')
  // Pruned trials are judged by what they had reached; they count where there are few that came to their end.
  const explained = complete.length >= 20 ? complete : trials.filter(({ state }) => state !== 'failed')
  const importance = importances(explained, space, key(head.seed).child('importance'))
  return {
    schemaVersion: 2,
    createdAt: new Date().toISOString(),
    ...head,
    axes: axesOf(space.space),
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
            ...ci95Of(first),
            parameters: { ...first.point },
            run: trialDirectory(first.number, head.repeats),
            trialsToBest: first.number + 1,
          },
        }),
    ...(importance === undefined ? {} : { importance }),
  }
}

const repeatsOf = ({ attributes, value }: Trial): number[] =>
  Array.isArray(attributes.repeats) ? (attributes.repeats as number[]) : [value!]

function ci95Of(trial: Trial): { ci95HalfWidth?: number } {
  const { ci95HalfWidth } = spreadOf(repeatsOf(trial))
  return ci95HalfWidth === undefined ? {} : { ci95HalfWidth }
}

/** The columns of the reference study's table of a search, and what they hold. */
const referenceColumns = {
  loss: 'loss',
  acc: 'accuracy',
  val_loss: 'valLoss',
  val_acc: 'valAccuracy',
  round_epochs: 'epochs',
  start: 'startedAt',
  end: 'endedAt',
  duration: 'seconds',
} as const satisfies Record<string, keyof TrialRecord>

/** The table of a search with the reference's columns: every parameter, then the figures. */
export function resultsCsv({ trials, axes }: SearchRecord): string {
  const names = axes.map(({ name }) => name)
  const head = ['trial', ...names, ...Object.keys(referenceColumns), 'state', 'value', 'weights_hash']
  const rows = trials.map((trial) => [
    trial.trial,
    ...names.map((name) => trial.parameters[name]),
    ...Object.values(referenceColumns).map((name) => trial[name]),
    trial.state,
    trial.value,
    trial.weightsHash,
  ])
  return [head, ...rows].map((row) => `${csvLine(row)}\r\n`).join('')
}
