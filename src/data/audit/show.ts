import type { Dataset } from '../dataset.ts'
import { unsealForAudit } from '../sealed.ts'
import type { NearPair } from './duplicates.ts'
import { sizeOf } from './products.ts'

/** The pairs to be shown where not all can be: those whose labels differ say most, then those across splits, then the nearest. */
export function worthShowing(pairs: readonly NearPair[], most: number): NearPair[] {
  const rank = ({ a, b }: NearPair) => (a.label !== b.label ? 0 : a.split !== b.split ? 1 : 2)
  return [...pairs].sort((p, q) => rank(p) - rank(q) || p.distance - q.distance).slice(0, most)
}

/** The images of pairs: bytes of [pairs, 2, height, width, channels]. */
export function picturesOf({ train, test: sealed }: Dataset, pairs: readonly NearPair[]): Uint8Array {
  const test = unsealForAudit(sealed)
  const size = sizeOf(train)
  const out = new Uint8Array(pairs.length * 2 * size)
  pairs
    .flatMap(({ a, b }) => [a, b])
    .forEach(({ split, index }, i) => {
      const { pixels } = split === 'test' ? test : train
      out.set(pixels.subarray(index * size, (index + 1) * size), i * size)
    })
  return out
}
