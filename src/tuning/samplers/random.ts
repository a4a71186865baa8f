import { type Key, key } from '../../base/random.ts'
import type { Point } from '../constraints.ts'
import type { OpenSpace } from '../open-space.ts'
import { permuted } from './permutation.ts'
import { nthAllowed, type Sampler, type SamplerSetting } from './sampler.ts'

/** Draws for one trial before a space whose constraints allow next to nothing is given up. */
const DRAWS = 100_000

/** Random points: of a space that is counted each at most once, by a keyed permutation that is never written down. */
export function random({ space, seed }: SamplerSetting): Sampler {
  return { kind: 'random', seesResults: false, propose: randomPoints(space, key(seed).child('random')) }
}

/** The n-th of the random points of a key. */
export function randomPoints(space: OpenSpace, from: Key): (n: number) => Point | undefined {
  if (!Number.isFinite(space.size)) return (n) => drawAllowed(space, from.child(n))
  const at = (i: number) => space.at(permuted(from, space.size, i))
  const nth = nthAllowed(space, at, { length: space.size })
  return (n) => {
    const i = nth(n)
    return i === undefined ? undefined : at(i)
  }
}

function drawAllowed(space: OpenSpace, from: Key): Point | undefined {
  for (let i = 0; i < Math.min(DRAWS, space.patience); i++) {
    const point = space.draw(from.child(i))
    if (space.allows(point)) return point
  }
  return undefined
}
