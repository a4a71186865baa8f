import type { Arithmetic } from './backend.ts'
import { addon } from './native.ts'

export interface PeakOptions {
  /** One of `nativeVariants()`. */
  readonly variant: string
  readonly arithmetic: Arithmetic
  readonly threads: number
  /** How long to measure, about. */
  readonly milliseconds?: number
}

/** The add-on's own measure: multiplies and adds, nothing else; returns how many operations that were. */
type Peak = (variant: string, fused: number, threads: number, rounds: number) => number

/** The least time over which a rate is taken: shorter ones measure the start of the threads. */
const SLICE = 4

/**
 * Billions of operations a second that the processor reaches at best, a multiply-add counted as two: the fastest of
 * several short slices, for whatever disturbs a slice makes it slower. Throws where the add-on is not built.
 */
export function measurePeak({ variant, arithmetic, threads, milliseconds = 40 }: PeakOptions): number {
  const { peak } = addon() as object as { readonly peak: Peak }
  const rate = (rounds: number) => {
    const began = performance.now()
    const operations = peak(variant, arithmetic === 'fused' ? 1 : 0, threads, rounds)
    return operations / (performance.now() - began) / 1e6
  }
  const began = performance.now()
  const elapsed = () => performance.now() - began
  let [best, rounds] = [0, 1]
  while (elapsed() < milliseconds) {
    const before = elapsed()
    best = Math.max(best, rate(rounds))
    if (elapsed() - before < SLICE) rounds *= 2
  }
  return best
}
