import type { Arithmetic } from '../src/engine/backend.ts'
import { nativeVariants } from '../src/engine/native.ts'
import { measurePeak } from '../src/engine/peak.ts'
import type { Contender } from './interleave.ts'

/** How long one look at the peak takes. */
const MILLISECONDS = 12

/** The processor's peak as a contender among others: a "step" is a billion operations. */
export function peakContender(arithmetic: Arithmetic, threads: number): Contender {
  const [variant] = nativeVariants()
  return {
    name: peakName(arithmetic, threads),
    run: (steps) =>
      (1000 * steps) / measurePeak({ variant, arithmetic, threads, milliseconds: MILLISECONDS }),
    close: () => undefined,
  }
}

export const peakName = (arithmetic: Arithmetic, threads: number) => `peak, ${arithmetic}, ${threads}`

/** GFLOP/s from the least time of a `peakContender`: a peak is what nothing disturbed. */
export const peakRate = (milliseconds: number) => 1000 / milliseconds
