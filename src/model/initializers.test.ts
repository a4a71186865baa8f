import { describe, expect, test } from 'vitest'
import { key } from '../base/random.ts'
import { type Initializer, parseInitializer } from './initializer-text.ts'
import { draw } from './initializers.ts'

const [FAN_IN, FAN_OUT, COUNT] = [784, 128, 100_000]
const drawn = (how: Initializer) => draw(key(1), how, COUNT, FAN_IN, FAN_OUT)

function moments(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
  const [low, high] = values.reduce(([l, h], x) => [Math.min(l, x), Math.max(h, x)], [Infinity, -Infinity])
  return { mean, std: Math.sqrt(variance), low, high }
}

/** Variances after He 2015, Glorot and Bengio 2010, LeCun 1998. */
const families = { he: 2 / FAN_IN, glorot: 2 / (FAN_IN + FAN_OUT), lecun: 1 / FAN_IN }

describe('initializers', () => {
  test.each(Object.entries(families))('%s-normal has the variance of its paper', (family, variance) => {
    const { mean, std } = moments(drawn(`${family}-normal` as Initializer))
    expect(std / Math.sqrt(variance)).toBeCloseTo(1, 2)
    expect(mean / Math.sqrt(variance)).toBeCloseTo(0, 2)
  })

  test.each(Object.entries(families))(
    '%s-uniform has the same variance within its limits',
    (family, variance) => {
      const { std, low, high } = moments(drawn(`${family}-uniform` as Initializer))
      const limit = Math.sqrt(3 * variance)
      expect(std / Math.sqrt(variance)).toBeCloseTo(1, 2)
      expect(low).toBeGreaterThanOrEqual(-limit)
      expect(high).toBeLessThanOrEqual(limit)
      expect([low / limit, high / limit]).toEqual([expect.closeTo(-1, 2), expect.closeTo(1, 2)])
    },
  )

  test('zeros are zeros', () => {
    expect(moments(drawn('zeros'))).toEqual({ mean: 0, std: 0, low: 0, high: 0 })
  })

  test('uniform(a, b) fills [a, b); normal(s) has the standard deviation s', () => {
    const uniform = moments(drawn(parseInitializer('uniform(0, 10)')))
    expect([uniform.low, uniform.high, uniform.mean]).toEqual([
      expect.closeTo(0, 2),
      expect.closeTo(10, 2),
      expect.closeTo(5, 1),
    ])
    expect(moments(drawn(parseInitializer('normal(0.05)'))).std).toBeCloseTo(0.05, 3)
  })

  test('the same key draws the same weights, another key others', () => {
    const ten = (name: string) => draw(key(1).child(name), 'he-normal', 10, FAN_IN, FAN_OUT)
    expect(ten('w')).toEqual(ten('w'))
    expect(ten('w')).not.toEqual(ten('v'))
  })
})

describe('an initializer as text', () => {
  test.each([
    ['glorot-normal', 'glorot-normal'],
    [' zeros ', 'zeros'],
    ['uniform(-0.05, 0.05)', { kind: 'uniform', low: -0.05, high: 0.05 }],
    ['uniform(0,1e-3)', { kind: 'uniform', low: 0, high: 0.001 }],
    ['normal(0.1)', { kind: 'normal', std: 0.1 }],
  ])('%s', (text, expected) => {
    expect(parseInitializer(text)).toEqual(expected)
  })

  test.each([
    '',
    'he',
    'He-Uniform',
    'uniform',
    'uniform()',
    'uniform(1)',
    'uniform(1, 2, 3)',
    'uniform(0.1, -0.1)',
    'uniform(a, b)',
    'uniform(0, Infinity)',
    'normal()',
    'normal(-1)',
    'normal(0.1, 0.2)',
    'normal(NaN)',
  ])('"%s" is refused with the list of those that exist', (text) => {
    expect(() => parseInitializer(text)).toThrow(/initializer: expected one of he-uniform, .*normal\(std\)/)
  })
})
