import { monitors } from '../../recipe/early-stopping.ts'
import { capitalized, decimal, percent } from '../../visualization/format.ts'
import { role, series } from '../../visualization/theme.ts'
import type { SearchRecord, TrialRecord } from '../record.ts'

/** How values of a search are written: accuracies as percentages. */
export function valueFormat(
  { metric }: Pick<SearchRecord, 'metric'>,
  [low, high]: readonly [number, number],
) {
  return monitors[metric].isShare
    ? (value: number) => percent(value, high - low < 0.04 ? 1 : 0)
    : (value: number) => decimal(value, high - low < 0.1 ? 3 : 2)
}

/** The name of what is searched, as the title of an axis. */
export const metricTitle = ({ metric }: Pick<SearchRecord, 'metric'>) => capitalized(monitors[metric].label)

const quantile = (sorted: readonly number[], q: number) => sorted[Math.round(q * (sorted.length - 1))]

/**
 * The range in which values are drawn: all of them, but where some are far worse than the rest (a network that learned
 * nothing), only as far as three times the spread of the middle half; those beyond stand at the edge.
 */
export function searchDomain(
  values: readonly number[],
  direction: SearchRecord['direction'],
): [number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return [0, 1]
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)]
  const reach = 3 * (q3 - q1)
  const shown = sorted.filter((value) =>
    direction === 'maximize' ? value >= q1 - reach : value <= q3 + reach,
  )
  const [low, high] = [shown[0], shown[shown.length - 1]]
  const air = Math.max(0.06 * (high - low), 1e-4)
  return [low - air, high + air]
}

/** A value within a range, and whether it had to be moved there. */
export function kept(
  value: number,
  [low, high]: readonly [number, number],
): { y: number; isBeyond: boolean } {
  const y = Math.min(Math.max(value, low), high)
  return { y, isBeyond: y !== value }
}

export type TrialState = TrialRecord['state']

/** The color of a trial by how it ended. */
export const stateColor = (state: TrialState): string =>
  ({
    complete: series(3),
    pruned: series(0),
    failed: series(7),
    running: role('muted'),
    waiting: role('muted'),
  })[state]

/** A trial in words, for the pointer. */
export function trialSentence({ trial, state, value, parameters }: TrialRecord): string {
  const point = Object.entries(parameters)
    .map(([name, x]) => `${name} ${typeof x === 'number' ? Number(x.toPrecision(4)) : x}`)
    .join(', ')
  return `Trial ${trial}, ${state}${value === null ? '' : `, ${decimal(value, 4)}`}: ${point}`
}

/** The number of the trial that such a sentence is about; undefined of other texts. */
export function trialOfSentence(text: string): number | undefined {
  const [, digits] = /^Trial (\d+),/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}
