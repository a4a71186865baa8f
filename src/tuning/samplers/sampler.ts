import type { Point } from '../constraints.ts'
import { excludesAll, type OpenSpace } from '../open-space.ts'

/** How a trial ended, as far as a decision may know. */
export interface Result {
  readonly type: 'complete' | 'pruned' | 'failed'
  /** Smaller is better; of a pruned trial its best so far. Undefined where there is none. */
  readonly loss: number | undefined
  /** The last step that was reported; 0 where there is none. */
  readonly step: number
}

/**
 * What the decision on trial n may look at: the points of all trials before it, and the results of the trials before
 * n − lag, in their order. Nothing depends on who was faster, so any number of workers decides alike.
 */
export interface Seen {
  readonly points: readonly Point[]
  readonly results: readonly Result[]
  /** Whether a point, by `OpenSpace.nameOf`, is among `points`. */
  has(name: string): boolean
}

/** A way to choose points: a pure function of the space, the seed, the trial's number and what it may see. */
export interface Sampler {
  readonly kind: string
  /** True where it looks at results: trial n then waits for those of all trials before n − lag. */
  readonly seesResults: boolean
  /** The point of trial n, from 0; undefined where the space holds no further one. */
  propose(n: number, seen: Seen): Point | undefined
}

export interface SamplerSetting {
  readonly space: OpenSpace
  readonly seed: number
}

/** Collects what has been proposed. */
export function seenSoFar(space: OpenSpace): Seen & {
  readonly points: Point[]
  readonly results: Result[]
  add(point: Point): void
} {
  const points: Point[] = []
  const names = new Set<string>()
  return {
    points,
    results: [],
    has: (name) => names.has(name),
    add(point) {
      points.push(point)
      names.add(space.nameOf(point))
    },
  }
}

/**
 * The n-th place of a sequence of points at which the constraints allow one that is new; undefined where the sequence ends
 * before, or where so many in a row were not allowed that there is hardly a further one. Which ones are taken is remembered,
 * for speed only: the answer depends on the sequence and on n alone. Throws an InputError where none at all was allowed.
 */
export function nthAllowed(
  space: OpenSpace,
  at: (i: number) => Point | undefined,
  { length, isNew = () => true }: { readonly length: number; readonly isNew?: (point: Point) => boolean },
): (n: number) => number | undefined {
  const taken: number[] = []
  let next = 0
  let refused = 0 // in a row
  return (n) => {
    for (; taken.length <= n && next < length && refused < space.patience; next++) {
      const point = at(next)
      if (point === undefined) break
      if (!space.allows(point)) refused += 1
      else {
        refused = 0
        if (isNew(point)) taken.push(next)
      }
    }
    if (refused >= space.patience && taken.length === 0)
      throw excludesAll(space, `of the first ${refused.toLocaleString('en-US')}`)
    return taken[n]
  }
}
