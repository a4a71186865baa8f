import { halfWidth, sharesDiffer, wilson } from '../../base/statistics/shares.ts'
import type { EvaluationRecord } from '../../record/evaluation.ts'
import type { FinishedEvent, RunEvent } from '../../record/events.ts'
import { counted, decimal, percent } from '../../visualization/format.ts'
import type { NetworkRecord, StudyRecord } from '../record.ts'

/** A network that came as far as the test. */
export type Tested = NetworkRecord & { readonly test: EvaluationRecord }

/** The networks that were tested, in the study's order. */
export const tested = (study: StudyRecord): Tested[] =>
  study.networks.filter((network): network is Tested => network.test !== null)

/** The networks that were not. */
export const failed = (study: StudyRecord) => study.networks.filter((network) => network.test === null)

/** How the run ended, if it did. */
export const finished = (events: readonly RunEvent[]) =>
  events.find((event): event is FinishedEvent => event.type === 'finished')

/** Why the run failed, in a sentence. */
export function failureOf({ events }: NetworkRecord): string {
  const end = events.find((event) => event.type === 'failed')
  if (end === undefined) return 'it was not tested'
  const { epoch, step, loss } = end
  if (typeof loss === 'number')
    return `its loss, ${decimal(loss, 1)}, stayed far above that of guessing (epoch ${epoch})`
  return `its loss was no longer finite (epoch ${epoch}, step ${step})`
}

/** On how many threads some networks were trained: `2 threads`, `1 or 2 threads`. */
export function threadsOf(networks: readonly NetworkRecord[]): string {
  const all = [...new Set(networks.map(({ threads }) => threads))].sort((a, b) => a - b)
  const last = counted(all.at(-1) ?? 1, 'thread')
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} or ${last}`
}

/** Seconds of training, of all seeds together. */
export const secondsOf = ({ seconds, seeds }: NetworkRecord): number =>
  seeds?.reduce((sum, run) => sum + run.seconds, 0) ?? seconds

const validationAccuracy = ({ events }: NetworkRecord) => finished(events)?.validation.accuracy ?? -1

/**
 * The network that one would choose, of all or of a kind: by validation accuracy, for to choose by the test is to flatter the winner.
 * Where no validation is recorded, the first of the most accurate in the test.
 */
export function best(study: StudyRecord, kind?: NetworkRecord['kind']): Tested | undefined {
  const rank = (a: Tested, b: Tested) =>
    validationAccuracy(b) - validationAccuracy(a) || b.test.accuracy - a.test.accuracy
  return tested(study)
    .filter((network) => kind === undefined || network.kind === kind)
    .sort(rank)[0]
}

/** Those that cannot be told apart from the given network: by McNemar's test where there is one, else by their accuracies. */
export function indistinguishable(study: StudyRecord, from: Tested): Tested[] {
  const pairs = study.comparison?.pairs.filter(({ a, b }) => a === from.name || b === from.name)
  if (pairs !== undefined) {
    const equal = pairs.filter((pair) => !pair.distinguishable).flatMap(({ a, b }) => [a, b])
    return tested(study).filter((other) => other !== from && equal.includes(other.name))
  }
  return tested(study).filter(
    (other) => other !== from && !sharesDiffer(from.test.accuracy, other.test.accuracy, from.test.count),
  )
}

/** "91.20 % ± 0.55": the unit is the first number's. */
export function accuracyWithInterval({ accuracy, count }: EvaluationRecord): string {
  return `${percent(accuracy, 2)} ± ${decimal(100 * halfWidth(wilson(accuracy, count)), 2)}`
}

/** Percentage points between ours and the reference's accuracy; null where there is none to compare. */
export const pointsAbove = ({ test, reference }: NetworkRecord) =>
  test === null || reference === undefined ? null : 100 * (test.accuracy - reference.accuracy)
