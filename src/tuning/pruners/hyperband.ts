import { key, uniforms } from '../../base/random.ts'
import { ashaDefaults, isAmongBest, rungs } from './asha.ts'
import type { Pruner, PrunerSetting } from './pruner.ts'

/**
 * Hyperband (Li et al., JMLR 18, 2018) as brackets of successive halving: bracket b judges first at minimum · factor^b,
 * so that some brackets are patient. A trial's bracket is drawn from the seed and its number, with the shares that
 * Hyperband gives its brackets, and it is compared within its bracket only.
 */
export function hyperband({ options, steps, seed }: PrunerSetting): Pruner {
  const { minimum, factor } = { ...ashaDefaults, ...options }
  const all = rungs(minimum, factor, steps)
  const brackets = Math.max(1, all.length)
  const shares = bracketShares(brackets, factor)
  const from = key(seed).child('bracket')
  const bracketOf = (number: number) => {
    let rest = uniforms(from.child(number), 1)[0]
    const bracket = shares.findIndex((share) => {
      rest -= share
      return rest < 0
    })
    return bracket < 0 ? brackets - 1 : bracket
  }
  return {
    kind: 'hyperband',
    looksAt: (step, number) => all.indexOf(step) >= bracketOf(number),
    prunes(own, others) {
      const bracket = bracketOf(own.number)
      return !isAmongBest(
        own,
        others.filter(({ number }) => bracketOf(number) === bracket),
        factor,
      )
    },
  }
}

/** Bracket b of B starts ⌈B / (B − b) · factor^(B − 1 − b)⌉ trials of every round. */
export function bracketShares(brackets: number, factor: number): number[] {
  const starts = Array.from({ length: brackets }, (_, b) => {
    let power = 1
    for (let i = 0; i < brackets - 1 - b; i++) power *= factor
    return Math.ceil((brackets / (brackets - b)) * power)
  })
  const total = starts.reduce((a, b) => a + b, 0)
  return starts.map((count) => count / total)
}
