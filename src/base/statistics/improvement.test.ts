import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { improvement, logNormalCdf } from './improvement.ts'

interface Row {
  readonly z: number
  readonly log: number
  readonly slope: number
  readonly spread: number
  /** ln Φ(z) and its derivative. */
  readonly below: { readonly log: number; readonly slope: number }
}
const oracle: { readonly improvement: readonly Row[] } = JSON.parse(
  readFileSync(new URL('../../../test/oracles/gaussian_process.json', import.meta.url), 'utf8'),
)

test.each(oracle.improvement)(
  'what is to be expected beyond z = $z, as in 50 digits',
  ({ z, log, slope, spread }) => {
    const ours = improvement(z)
    expect(Math.abs(ours.log - log)).toBeLessThan(1e-13 * Math.max(1, Math.abs(log)))
    expect(Math.abs(ours.slope / slope - 1)).toBeLessThan(1e-12)
    expect(Math.abs(ours.spread - spread)).toBeLessThan(1e-12 * Math.max(1e-3, spread))
  },
)

test.each(oracle.improvement)(
  'the logarithm of the normal distribution’s function at z = $z',
  ({ z, below }) => {
    const { log, slope } = logNormalCdf(z)
    // Above 6 the function itself has no digits left beside 1.
    expect(Math.abs(log - below.log)).toBeLessThan(1e-13 * Math.max(1, Math.abs(below.log)))
    expect(Math.abs(slope - below.slope)).toBeLessThan(1e-12 * Math.max(1e-3, below.slope))
  },
)
