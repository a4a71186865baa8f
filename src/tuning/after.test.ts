import { describe, expect, test } from 'vitest'
import { key, uniforms } from '../base/random.ts'
import { integers, oneOf, range, type Scalar, when } from './domain.ts'
import { importances } from './importance.ts'
import type { Trial } from './journal/trial.ts'
import { openSpace } from './open-space.ts'
import { defineSpace } from './space.ts'

const trialOf = (point: Record<string, Scalar>, value: number, number: number): Trial => ({
  number,
  point,
  value,
  state: 'complete',
  steps: [],
  values: [],
  attributes: {},
  start: '',
  end: undefined,
})

describe('importance', () => {
  test('of a sum is shared as its variances are: 4 · x + 2 · y + nothing of z', () => {
    const space = openSpace(
      defineSpace({ name: 's', parameters: { x: range(0, 1), y: range(0, 1), z: range(0, 1) } }),
    )
    const trials = Array.from({ length: 300 }, (_, n) => {
      const [x, y, z] = uniforms(key(1).child(n), 3)
      return trialOf({ x, y, z }, 4 * x + 2 * y, n)
    })
    const found = importances(trials, space, key(2))!
    const share = Object.fromEntries(found.parameters.map((one) => [one.name, one.share]))
    expect(found.parameters[0].name).toBe('x')
    expect(share.x).toBeGreaterThan(0.74)
    expect(share.x).toBeLessThan(0.86) // 16 / 20
    expect(share.y).toBeGreaterThan(0.13)
    expect(share.y).toBeLessThan(0.24) // 4 / 20
    expect(share.z).toBeLessThan(0.02)
    expect(found.interactions).toBeLessThan(0.06)
  })
  test('of an exclusive or lies in both together', () => {
    const space = openSpace(defineSpace({ name: 's', parameters: { a: [0, 1], b: ['x', 'y'] } }))
    const trials = Array.from({ length: 80 }, (_, n) =>
      trialOf({ a: n % 2, b: n % 4 < 2 ? 'x' : 'y' }, (n % 2) ^ (n % 4 < 2 ? 1 : 0), n),
    )
    expect(importances(trials, space, key(1))!.interactions).toBeGreaterThan(0.9)
  })
  test('knows parameters that may be missing, and stays silent where there is too little', () => {
    const space = openSpace(
      defineSpace({
        name: 's',
        parameters: { depth: integers(1, 2), second: when({ depth: 2 }, oneOf(8, 16)) },
      }),
    )
    const trials = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 0
        ? trialOf({ depth: 1 }, 0, n)
        : trialOf({ depth: 2, second: n % 4 === 1 ? 8 : 16 }, n % 4 === 1 ? 1 : 3, n),
    )
    const found = importances(trials, space, key(1))!
    expect(found.parameters[0].name).toBe('second')
    expect(importances(trials.slice(0, 5), space, key(1))).toBeUndefined()
    expect(
      importances(
        trials.map((trial) => ({ ...trial, value: 1 })),
        space,
        key(1),
      ),
    ).toBeUndefined()
  })
})
