import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { key, uniforms } from '../../base/random.ts'
import type { Point } from '../constraints.ts'
import { integers, logIntegers, logRange, oneOf, range, when } from '../domain.ts'
import { openSpace } from '../open-space.ts'
import { defineSpace } from '../space.ts'
import { parzen } from './parzen.ts'

interface Oracle {
  readonly points: readonly Point[]
  readonly weights: readonly number[]
  readonly at: readonly Point[]
  readonly logs: Readonly<Record<string, readonly number[]>>
}
const oracle: Oracle = JSON.parse(
  readFileSync(new URL('../../../test/oracles/parzen.json', import.meta.url), 'utf8'),
)
const space = openSpace(
  defineSpace({
    name: 'whole',
    parameters: {
      rate: logRange(1e-4, 1),
      drop: range(0, 0.5),
      step: range(0, 1, 0.25),
      depth: integers(1, 4),
      width: logIntegers(16, 512),
      kind: ['a', 'b', 'c'],
    },
  }),
)

test.each(Object.entries(oracle.logs))('densities of %s points are Optuna’s', (count, logs) => {
  const n = Number(count)
  const density = parzen(space, oracle.points.slice(0, n), oracle.weights.slice(0, n))
  logs.forEach((log, i) => {
    expect(density.logAt(oracle.at[i])).toBeCloseTo(log, 8)
  })
})

const tree = openSpace(
  defineSpace({
    name: 'tree',
    parameters: {
      kind: ['a', 'b'],
      wide: when({ kind: 'a' }, oneOf(1, 2, 3)),
      deep: when({ kind: 'b' }, integers(1, 4)),
    },
  }),
)

test('probabilities of a space that is counted sum to 1, conditions and all, and draws keep to them', () => {
  const observed = [0, 1, 3, 3, 6].map(tree.at)
  const density = parzen(tree, observed, [1, 1, 0.5, 1, 2])
  const shares = Array.from({ length: tree.size }, (_, i) => Math.exp(density.logAt(tree.at(i))))
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  const draws = 4000
  const counts = new Map<string, number>()
  for (let i = 0; i < draws; i++) {
    const name = tree.nameOf(density.draw(uniforms(key(3).child(i), 4)))
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const chi2 = shares.reduce((sum, share, i) => {
    const count = counts.get(tree.nameOf(tree.at(i))) ?? 0
    return sum + (count - draws * share) ** 2 / (draws * share)
  }, 0)
  expect(chi2).toBeLessThan(22.5) // the 99.9 % quantile for 6 degrees of freedom
})
