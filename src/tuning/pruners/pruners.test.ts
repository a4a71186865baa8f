import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rungs } from './asha.ts'
import { bracketShares } from './hyperband.ts'
import { openPruner, type PrunerName, parsePruner } from './index.ts'
import type { Standing } from './pruner.ts'

const standing = fc.record({
  number: fc.nat(500),
  loss: fc.double({ min: -2, max: 2, noNaN: true }),
  best: fc.double({ min: -2, max: 2, noNaN: true }),
})
const best = (number: number): Standing => ({ number, loss: -100, best: -100 })
const open = (text: string, seed = 1, steps = 100) => openPruner(parsePruner(text), { seed, steps })

/** A case for every pruner: one without does not compile. */
const cases: Record<PrunerName, { readonly prunes: boolean }> = {
  none: { prunes: false },
  median: { prunes: true },
  asha: { prunes: true },
  hyperband: { prunes: true },
}

/** What every pruner promises. */
function describePruner(name: PrunerName, { prunes }: { readonly prunes: boolean }) {
  describe(`the pruner ${name}`, () => {
    test('never ends the best trial, and none that is alone', () => {
      fc.assert(
        fc.property(
          fc.array(standing),
          fc.integer({ min: 1, max: 99 }),
          fc.nat(500),
          (others, step, number) => {
            const pruner = open(name)
            if (!pruner.looksAt(step, number)) return
            expect(pruner.prunes(best(number), others, step)).toBe(false)
            expect(pruner.prunes({ number, loss: 1, best: 1 }, [], step)).toBe(false)
          },
        ),
      )
    })
    test('says the same again: neither the order of the others nor what was asked before matters', () => {
      const used = open(name)
      fc.assert(
        fc.property(
          fc.array(standing, { minLength: 1 }),
          standing,
          fc.integer({ min: 1, max: 99 }),
          (others, own, step) => {
            expect(used.looksAt(step, own.number)).toBe(open(name).looksAt(step, own.number))
            expect(used.prunes(own, others, step)).toBe(open(name).prunes(own, [...others].reverse(), step))
          },
        ),
      )
    })
    test('a worse trial fares no better', () => {
      fc.assert(
        fc.property(
          fc.array(standing),
          standing,
          fc.double({ min: 0, max: 3, noNaN: true }),
          (others, own, worse) => {
            const pruner = open(name)
            const other = { ...own, loss: own.loss + worse, best: own.best + worse }
            if (pruner.prunes(own, others, 9)) expect(pruner.prunes(other, others, 9)).toBe(true)
          },
        ),
      )
    })
    if (prunes) {
      test('ends the worst of many', () => {
        const others = Array.from({ length: 300 }, (_, number) => ({
          number,
          loss: number / 300,
          best: number / 300,
        }))
        const steps = Array.from({ length: 99 }, (_, i) => i + 1)
        const step = steps.findLast((s) => open(name).looksAt(s, 400)) as number
        expect(open(name).prunes({ number: 400, loss: 5, best: 5 }, others, step)).toBe(true)
      })
    }
  })
}

for (const name of Object.keys(cases) as PrunerName[]) describePruner(name, cases[name])

describe('successive halving', () => {
  test('judges at the rungs below the last step', () => {
    expect(rungs(3, 3, 100)).toEqual([3, 9, 27, 81])
    expect(rungs(1, 4, 16)).toEqual([1, 4])
  })
  test('lets a third of nine go on, the best ones', () => {
    const standings = Array.from({ length: 9 }, (_, number) => ({ number, loss: number, best: number }))
    const survivors = standings.filter(
      (own) =>
        !open('asha').prunes(
          own,
          standings.filter((s) => s !== own),
          3,
        ),
    )
    expect(survivors.map(({ number }) => number)).toEqual([0, 1, 2])
  })
})

describe('Hyperband', () => {
  test('gives its brackets the shares of the paper: 81, 34, 15, 8, 5 at most 81 steps, factor 3', () => {
    const shares = bracketShares(5, 3)
    const starts = [81, 34, 15, 8, 5]
    shares.forEach((share, i) => {
      expect(share).toBeCloseTo(starts[i] / 143, 12)
    })
  })
  test('some trials are judged later than others', () => {
    const first = new Set(
      Array.from({ length: 200 }, (_, n) =>
        [3, 9, 27, 81].find((step) => open('hyperband').looksAt(step, n)),
      ),
    )
    expect([...first].sort()).toEqual([27, 3, 81, 9])
  })
})

describe('pruners are read from text', () => {
  test('with their options', () => {
    expect(parsePruner('asha:minimum=2,factor=4')).toEqual({
      kind: 'asha',
      options: { minimum: 2, factor: 4 },
    })
    expect(parsePruner('median')).toEqual({ kind: 'median', options: { warmup: 3, trials: 5 } })
  })
  test.each([
    ['genetic', /--pruner: expected one of none, median, asha, hyperband, received "genetic"/],
    ['asha:eta=3', /--pruner asha: expected minimum, factor, received "eta"/],
    ['asha:factor=1', /factor: expected a whole number from 2/],
    ['asha:factor=0x10', /factor: expected a whole number from 2, received "0x10"/],
    ['asha:factor', /factor: expected a whole number from 2, received ""/],
  ])('%s is refused', (text, message) => {
    expect(() => parsePruner(text)).toThrow(message)
  })
})
