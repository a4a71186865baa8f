import { InputError } from '../../base/errors.ts'
import { pause } from '../../base/pause.ts'
import type { Dataset } from '../dataset.ts'
import { unsealForAudit } from '../sealed.ts'
import type { Split } from '../split.ts'
import { compare, type Nearest, noNearest } from './compare.ts'
import { Groups, PairList } from './pair-list.ts'
import { arrange, type Calculator, sizeOf } from './products.ts'

export const splitNames = ['train', 'validation', 'test'] as const
export type SplitName = (typeof splitNames)[number]

/** An image of a set: `index` counts in the training file for train and validation, in the test file for test. */
export interface Sighting {
  readonly split: SplitName
  readonly index: number
  readonly label: number
}

/** Two images that are equal or almost so; `distance` is the root mean square difference of their bytes, in gray levels. */
export interface NearPair {
  readonly a: Sighting
  readonly b: Sighting
  readonly distance: number
}

/** How many pairs there are between two splits, or within one. */
export interface PairCount {
  readonly between: readonly [SplitName, SplitName]
  readonly exact: number
  /** Within the threshold and not exact. */
  readonly near: number
  /** Exact or near, with labels that differ. */
  readonly conflicting: number
}

/** The image of the training file that a test image resembles most. */
export interface NearestRow {
  readonly test: number
  readonly train: number
  /** Root mean square difference, in gray levels. */
  readonly distance: number
  readonly isSameLabel: boolean
}

export interface DuplicateAudit {
  readonly threshold: number
  readonly counts: readonly PairCount[]
  /** Nearest first, at most `MOST_PAIRS`. */
  readonly pairs: readonly NearPair[]
  /** Images that hang together by pairs. */
  readonly groups: readonly (readonly Sighting[])[]
  /** Of every test image, in their order; undefined where it was not asked for. */
  readonly nearest?: readonly NearestRow[] | undefined
}

export interface DuplicateOptions {
  readonly calculator: Calculator
  /** Gray levels, 0 to 255: 10 is a fortieth of the range, less than a change of fabric and more than noise. */
  readonly threshold?: number
  /** Also finds the nearest training image of each test image, which takes several times as long. */
  readonly nearest?: boolean
  readonly signal?: AbortSignal | undefined
}

/** A sign of life: pairs of images that are done, of all. */
export interface ComparingEvent {
  readonly type: 'comparing'
  readonly done: number
  readonly total: number
}

/** More are counted, and not listed. */
export const MOST_PAIRS = 10_000

/**
 * Finds images that are equal or almost so, within and across the splits; undefined where it was interrupted. It looks
 * at the test images, and at nothing but their bytes and labels: no network has a part in it. The result depends neither
 * on the backend nor on threads, for every distance is exact.
 */
export async function* auditDuplicates(
  { train, test: sealed }: Dataset,
  split: Split,
  { calculator, threshold = 10, nearest: wantsNearest = true, signal }: DuplicateOptions,
): AsyncGenerator<ComparingEvent, DuplicateAudit | undefined, undefined> {
  checkThreshold(threshold)
  const test = unsealForAudit(sealed)
  const size = sizeOf(train)
  const reach = threshold ** 2 * size
  const [inTrain, inTest] = [arrange(train), arrange(test)]
  const see = sightings(train, test, split)
  const [list, groups, tally] = [new PairList(MOST_PAIRS), new Groups(train.count + test.count), openTally()]
  const nearest = wantsNearest ? noNearest(test.count) : undefined
  const found = (a: number, b: number, squared: number) => {
    const [first, second] = [Math.min(a, b), Math.max(a, b)]
    list.add({ a: first, b: second, squared })
    groups.link(first, second)
    tally.add(see(first), see(second), squared)
  }
  const n = train.count
  const comparisons = [
    { pairs: n * n, run: () => compare(inTrain, inTrain, calculator, { reach, found }) },
    {
      pairs: test.count * n,
      run: () =>
        compare(inTest, inTrain, calculator, {
          reach,
          nearest,
          found: (a, b, squared) => found(n + a, b, squared),
        }),
    },
    {
      pairs: test.count ** 2,
      run: () =>
        compare(inTest, inTest, calculator, {
          reach,
          found: (a, b, squared) => found(n + a, n + b, squared),
        }),
    },
  ]
  const total = comparisons.reduce((sum, { pairs }) => sum + pairs, 0)
  let before = 0
  for (const { pairs, run } of comparisons) {
    for (const done of run()) {
      const resting = pause()
      if (resting === undefined) continue
      await resting
      if (signal?.aborted) return undefined
      yield { type: 'comparing', done: before + done, total }
    }
    before += pairs
  }
  const gray = (squared: number) => Math.sqrt(squared / size)
  return {
    threshold,
    counts: tally.counts(),
    pairs: list.nearest().map(({ a, b, squared }) => ({ a: see(a), b: see(b), distance: gray(squared) })),
    groups: groups.list().map((group) => group.map(see)),
    nearest: nearest && rowsOf(nearest, gray, train.labels, test.labels),
  }
}

function checkThreshold(threshold: number): void {
  if (threshold >= 0 && threshold <= 255) return
  throw new InputError({
    at: 'threshold',
    expected: 'gray levels from 0 to 255',
    received: `${threshold}`,
    hint: '10 is usual; 0 finds exact duplicates alone.',
  })
}

/** Images by one number: those of the training file, then those of the test file. */
function sightings(train: Dataset['train'], test: Dataset['train'], split: Split) {
  const isHeldOut = new Uint8Array(train.count)
  for (const i of split.validation) isHeldOut[i] = 1
  return (i: number): Sighting =>
    i < train.count
      ? { split: isHeldOut[i] ? 'validation' : 'train', index: i, label: train.labels[i] }
      : { split: 'test', index: i - train.count, label: test.labels[i - train.count] }
}

/** Counts pairs by the splits of their images. */
function openTally() {
  const rank = (name: SplitName) => splitNames.indexOf(name)
  const rows = splitNames.flatMap((a, i) =>
    splitNames.slice(i).map((b) => ({ between: [a, b] as const, exact: 0, near: 0, conflicting: 0 })),
  )
  return {
    add(a: Sighting, b: Sighting, squared: number) {
      const [first, second] = rank(a.split) <= rank(b.split) ? [a, b] : [b, a]
      const row = rows.find(({ between: [x, y] }) => x === first.split && y === second.split)!
      if (squared === 0) row.exact += 1
      else row.near += 1
      if (a.label !== b.label) row.conflicting += 1
    },
    counts: (): PairCount[] => rows,
  }
}

function rowsOf(
  { image, squared }: Nearest,
  gray: (squared: number) => number,
  trainLabels: Uint8Array,
  testLabels: Uint8Array,
): NearestRow[] {
  return Array.from(image, (train, test) => ({
    test,
    train,
    distance: gray(squared[test]),
    isSameLabel: trainLabels[train] === testLabels[test],
  }))
}
