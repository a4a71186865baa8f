import { InputError } from '../../base/errors.ts'
import { key, words } from '../../base/random.ts'
import type { Point } from '../constraints.ts'
import { joeKuo } from './joe-kuo.ts'
import { randomPoints } from './random.ts'
import { nthAllowed, type Sampler, type SamplerSetting } from './sampler.ts'

const BITS = 32
/** Dimensions that the table of direction numbers reaches. */
export const SOBOL_DIMENSIONS = joeKuo.length + 1

/** The 32 direction numbers of a dimension, from 0. */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS)
  if (dimension === 0) return v.map((_, k) => 1 << (BITS - 1 - k))
  const [s, a, m] = joeKuo[dimension - 1]
  for (let k = 0; k < BITS; k++) {
    if (k < s) {
      v[k] = m[k] << (BITS - 1 - k)
      continue
    }
    v[k] = v[k - s] ^ (v[k - s] >>> s)
    for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) v[k] ^= v[k - i]
  }
  return v
}

/** The coordinates of a Sobol sequence as 32-bit words: the i-th point is worked out from i alone (Gray code order). */
export function sobolSequence(dimensions: number): (i: number, dimension: number) => number {
  const tables = Array.from({ length: dimensions }, (_, d) => directions(d))
  return (i, dimension) => {
    const gray = (i ^ (i >>> 1)) >>> 0
    let x = 0
    for (let k = 0; k < BITS; k++) if ((gray >>> k) & 1) x ^= tables[dimension][k]
    return x >>> 0
  }
}

/**
 * A Sobol sequence, shifted by the seed (each coordinate XORed with a word of its own, which keeps its evenness). In a
 * space that is counted, points that came before are passed over; once the sequence brings hardly any new ones the rest
 * is drawn at random.
 */
export function sobol({ space, seed }: SamplerSetting): Sampler {
  const dimensions = space.order.length
  if (dimensions > SOBOL_DIMENSIONS) {
    throw new InputError({
      at: '--sampler sobol',
      expected: `at most ${SOBOL_DIMENSIONS} parameters`,
      received: `${dimensions}`,
      hint: 'Use random or tpe.',
    })
  }
  const from = key(seed).child('sobol')
  const sequence = sobolSequence(dimensions)
  const shift = words(from.child('shift'), new Uint32Array(dimensions))
  const isCounted = Number.isFinite(space.size)
  const at = (i: number): Point =>
    space.place((_, d) => (((sequence(i, d) ^ shift[d]) >>> 0) + 0.5) / 2 ** BITS)
  const seen = new Set<string>()
  const isNew = (point: Point) => {
    const name = space.nameOf(point)
    if (seen.has(name)) return false
    seen.add(name)
    return true
  }
  const length = isCounted ? Math.min(2 ** BITS, 16 * space.size) : 2 ** BITS
  const nth = nthAllowed(space, at, { length, ...(isCounted && { isNew }) })
  const rest = randomPoints(space, from.child('rest'))
  const nthOfRest = nthAllowed(space, rest, { length: isCounted ? space.size : 0, isNew })
  let fromSequence = 0
  return {
    kind: 'sobol',
    seesResults: false,
    propose(n) {
      const i = nth(n)
      if (i !== undefined) {
        fromSequence = Math.max(fromSequence, n + 1)
        return at(i)
      }
      while (nth(fromSequence) !== undefined) fromSequence += 1
      const r = nthOfRest(n - fromSequence)
      return r === undefined ? undefined : rest(r)
    },
  }
}
