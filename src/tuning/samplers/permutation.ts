import { philox } from '../../base/philox.ts'
import type { Key } from '../../base/random.ts'

const ROUNDS = 6

/**
 * The i-th element of a random permutation of 0 … size − 1, worked out from i alone: a Feistel network over the next
 * power of four, walked until it falls within the size (Black and Rogaway, "Ciphers with arbitrary finite domains",
 * 2002). Sizes up to 2^53.
 */
export function permuted({ words: [k0, k1] }: Key, size: number, i: number): number {
  let radix = 2
  while (radix * radix < size) radix *= 2
  let x = i
  do {
    let left = Math.floor(x / radix)
    let right = x % radix
    for (let round = 0; round < ROUNDS; round++) {
      const mixed = (left + (philox(right, round, 0x70657265, 0, k0, k1)[0] % radix)) % radix
      left = right
      right = mixed
    }
    x = left * radix + right
  } while (x >= size)
  return x
}
