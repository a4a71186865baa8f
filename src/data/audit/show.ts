import type { Dataset } from '../dataset.ts'
import { unsealForAudit } from '../sealed.ts'
import type { NearPair } from './duplicates.ts'
import { sizeOf } from './products.ts'

/** The pairs to be shown where not all can be: those whose labels differ say most, then those across splits, then the nearest. */
export function worthShowing(pairs: readonly NearPair[], most: number): NearPair[] {
  const rank = ({ a, b }: NearPair) => (a.label !== b.label ? 0 : a.split !== b.split ? 1 : 2)
  return [...pairs].sort((p, q) => rank(p) - rank(q) || p.distance - q.distance).slice(0, most)
}

/** The images at some places, one after the other: bytes of [places, height, width, channels]. */
export function picturesAt(
  { train, test: sealed }: Dataset,
  places: readonly Pick<NearPair['a'], 'split' | 'index'>[],
): Uint8Array {
  const test = unsealForAudit(sealed)
  const size = sizeOf(train)
  const out = new Uint8Array(places.length * size)
  places.forEach(({ split, index }, i) => {
    const { pixels } = split === 'test' ? test : train
    out.set(pixels.subarray(index * size, (index + 1) * size), i * size)
  })
  return out
}

/** The images of pairs: bytes of [pairs, 2, height, width, channels]. */
export const picturesOf = (dataset: Dataset, pairs: readonly NearPair[]): Uint8Array =>
  picturesAt(
    dataset,
    pairs.flatMap(({ a, b }) => [a, b]),
  )
