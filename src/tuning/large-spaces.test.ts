import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { key } from '../base/random.ts'
import type { Constraint, Point } from './constraints.ts'
import {
  cardinality,
  type Domain,
  fromUnit,
  integers,
  isIn,
  logIntegers,
  logRange,
  oneOf,
  passes,
  range,
  type Scalar,
  valueAt,
  when,
} from './domain.ts'
import { openSpace, refuseEmpty } from './open-space.ts'
import { parseSpace } from './parse-space.ts'
import { samplers } from './samplers/index.ts'
import { seenSoFar } from './samplers/sampler.ts'

const open = (parameters: Record<string, Domain>, constraints: readonly Constraint[] = []) =>
  openSpace({ name: 'large', parameters, constraints })
const many = (count: number, domain: (i: number) => Domain) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, domain(i)]))

/** Every point, by the loops that the count is said to be of. */
function loops(order: readonly string[], parameters: Readonly<Record<string, Domain>>): Point[] {
  let points: Record<string, Scalar>[] = [{}]
  for (const name of order) {
    const domain = parameters[name]
    points = points.flatMap((point) => {
      const tests = Object.entries(domain.when ?? {})
      const isThere = tests.every(
        ([parent, given]) => point[parent] !== undefined && passes(given, point[parent]),
      )
      if (!isThere) return [point]
      return Array.from({ length: cardinality(domain) }, (_, i) => ({ ...point, [name]: valueAt(domain, i) }))
    })
  }
  return points
}

/** A space of up to six parameters, each of which may look at some of those before it. */
const someSpace = fc
  .array(
    fc.record({
      kind: fc.constantFrom('list', 'whole', 'steps'),
      count: fc.integer({ min: 1, max: 4 }),
      looksAt: fc.uniqueArray(fc.nat(5), { maxLength: 2 }),
      test: fc.constantFrom('one', 'least', 'most'),
      at: fc.nat(3),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => {
    const values = all.map(({ kind, count }): Domain => {
      if (kind === 'list') return oneOf(...['a', 'b', 3, true].slice(0, count))
      return kind === 'whole' ? integers(10, 10 + 3 * (count - 1), 3) : range(0.1, 0.1 * count, 0.1)
    })
    return many(all.length, (i) => {
      const parents = all[i].looksAt.filter((parent) => parent < i)
      if (parents.length === 0) return values[i]
      const tests = parents.map((parent) => {
        const value = valueAt(values[parent], all[i].at % cardinality(values[parent]))
        if (all[i].test === 'one' || typeof value !== 'number') return [`p${parent}`, [value]] as const
        return [`p${parent}`, all[i].test === 'least' ? { atLeast: value } : { atMost: value }] as const
      })
      return when(Object.fromEntries(tests), values[i])
    })
  })

describe('points are counted, never listed', () => {
  test('and are those of the loops, in their order', () => {
    fc.assert(
      fc.property(someSpace, (parameters) => {
        const space = open(parameters)
        const expected = loops(space.order, parameters)
        expect(space.size).toBe(expected.length)
        expect(Array.from({ length: space.size }, (_, i) => space.at(i))).toEqual(expected)
        for (const point of expected) expect(space.contains(point)).toBe(true)
      }),
    )
  })
  test('a condition may look at a parameter of 50 million values', () => {
    const space = open({
      n: integers(1, 5e7),
      late: when({ n: { atLeast: 4e7 } }, integers(1, 3)),
      at: when({ n: [7, 5e7] }, oneOf('a', 'b')),
    })
    expect(space.size).toBe(4e7 - 1 + 1 + 3 * (1e7 + 1 - 1) + 3 * 2)
    expect(space.at(0)).toEqual({ n: 1 })
    expect([6, 7, 8].map(space.at)).toEqual([{ n: 7, at: 'a' }, { n: 7, at: 'b' }, { n: 8 }])
    expect(space.at(space.size - 1)).toEqual({ n: 5e7, late: 3, at: 'b' })
  })
  test('a condition may look at a range whose steps are counted by the billion', () => {
    const space = open({ x: range(0, 1, 1e-9), y: when({ x: { atMost: 0.5 } }, oneOf(1, 2)) })
    expect(space.size).toBe(2 * (5e8 + 1) + 5e8)
    expect(space.at(1e9 + 1)).toEqual({ x: 0.5, y: 2 })
    expect(space.at(1e9 + 2)).toEqual({ x: 0.500000001 })
  })
  test('switches are independent: 50 of them with 50 parameters behind are counted', () => {
    const switches = many(50, () => oneOf(true, false))
    const behind = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`q${i}`, when({ [`p${i}`]: true }, oneOf(1, 2, 3))]),
    )
    expect(open({ ...switches, ...behind }).size).toBe(Infinity) // 4^50
    const few = Object.fromEntries(Object.entries({ ...switches, ...behind }).filter((_, i) => i % 50 < 20))
    expect(open(few).size).toBe(4 ** 20)
    expect(open(few).at(4 ** 20 - 1)).toEqual(many(20, () => false as never))
  })
  test('a parameter may look at fifty others', () => {
    const given = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`p${i}`, 1]))
    const space = open({ ...many(50, () => oneOf(1, 2)), all: when(given, oneOf('a', 'b')) })
    expect(space.size).toBe(2 ** 50 + 1)
    expect(space.at(1)).toMatchObject({ p49: 1, all: 'b' })
    expect(space.at(2)).not.toHaveProperty('all')
  })
})

describe('what no search could do with is refused, at once', () => {
  const deep = (depth: number): Constraint => {
    let constraint: Constraint = { less: ['a', 1] }
    for (let i = 0; i < depth; i++) constraint = { any: [constraint] }
    return constraint
  }
  const cyclic: { any: Constraint[] } = { any: [] }
  cyclic.any.push(cyclic as Constraint)
  const a = integers(1, 3)
  /** Of p0 … p29 any thirty conditions may hold together: no two ways through them are alike. */
  const entangled = {
    ...many(30, () => oneOf(1, 2)),
    ...Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`q${i}`, when({ [`p${i}`]: 1, [`p${(i + 1) % 30}`]: 1 }, a)]),
    ),
  }
  test.each<[string, Record<string, Domain>, readonly Constraint[], RegExp]>([
    ['5,000 parameters', many(5000, () => a), [], /expected at most 1,000 parameters, received 5000/],
    [
      'a list of 100,000',
      { a: { kind: 'oneOf', values: Array.from({ length: 1e5 }, (_, i) => i) } },
      [],
      /at most 10,000 values in lists, received 100000/,
    ],
    [
      'a condition of 100,000',
      { a: integers(1, 2e5), b: when({ a: Array.from({ length: 1e5 }, (_, i) => i + 1) }, a) },
      [],
      /at most 10,000 values in lists/,
    ],
    [
      'more whole numbers than can be counted',
      { a: integers(-(2 ** 53) + 1, 2 ** 53 - 1) },
      [],
      /at most 9007199254740991 values/,
    ],
    [
      'steps of 1e-300',
      { a: range(0, 1, 1e-300) },
      [],
      /a step that tells the values apart, received 0 to 1 in steps of 1e-300/,
    ],
    [
      'steps that numbers so large do not have',
      { a: range(1e16, 1e16 + 10, 1) },
      [],
      /a step that tells the values apart/,
    ],
    ['ends too far apart', { a: range(-1.7e308, 1.7e308) }, [], /ends whose distance is a number/],
    [
      'steps on a logarithmic scale',
      { a: { kind: 'range', low: 1, high: 2, step: 0.1, log: true } },
      [],
      /no steps on a logarithmic scale/,
    ],
    [
      'constraints 20,000 deep',
      { a },
      [deep(20_000)],
      /constraint 1: expected at most 50 levels of any and all/,
    ],
    ['a constraint within itself', { a }, [cyclic as Constraint], /at most 50 levels/],
    [
      '100,000 constraints',
      { a },
      Array.from({ length: 1e5 }, () => ({ less: ['a', 4] }) as const),
      /at most 10,000 comparisons/,
    ],
    ['conditions without end', entangled, [], /conditions that can be followed/],
    [
      'a name that every object has',
      { toString: a },
      [],
      /names that no object of JavaScript has, received "toString"/,
    ],
    [
      'no domain',
      { a: { kind: 'words' } as unknown as Domain },
      [],
      /space large: a: kind: expected one of|space large: a: expected one of/,
    ],
    ['no constraint', { a }, [null as unknown as Constraint], /constraint 1: expected/],
    ['half a comparison', { a }, [{ less: ['a'] } as unknown as Constraint], /constraint 1: less: expected/],
  ])('%s', (_, parameters, constraints, message) => {
    let error: unknown
    try {
      open(parameters, constraints)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(InputError)
    expect((error as Error).message).toMatch(message)
  })
  test('in JSON too, in words that can be read', () => {
    const read = (json: unknown) => openSpace(parseSpace(json, 'mine', 'mine.json'))
    const list = Array.from({ length: 200_000 }, (_, i) => i)
    expect(() => read({ a: list })).toThrow(/at most 10,000 values/)
    expect(() => read({ a: { oneOf: list } })).toThrow(/at most 10,000 values/)
    expect(() => read({ a: list.slice(0, 999).map((i) => [i]) })).toThrow(
      /a list, or .* received \[\[0\],\[1\].{1,250}$/,
    )
    expect(() => read({ parameters: { a: [1, 2] }, constraints: [deep(60)] })).toThrow(/at most 50 levels/)
  })
  test('a predicate that throws, whatever it throws, is told by its number', () => {
    const throwing = (thrown: unknown) =>
      open({ a }, [
        { less: ['a', 4] },
        () => {
          throw thrown
        },
      ])
    for (const thrown of [null, undefined, new Error('boom'), 'boom', Object.create(null)])
      expect(() => refuseEmpty(throwing(thrown), key(1))).toThrow(/constraint 2: expected a predicate/)
  })
})

describe('a search for a point that constraints allow ends', () => {
  const large = { n: integers(1, 5e7), ...many(30, () => integers(1, 1)) }
  test('where none is found', () => {
    const space = open(large, [{ less: [5e7, 'n'] }])
    const grid = samplers.grid({ space, seed: 1 })
    expect(() => grid.propose(0, seenSoFar(space))).toThrow(/received none of the first .* points/)
  })
  test('and where some were found, but hardly any more are left', () => {
    const space = open(large, [{ less: ['n', 4] }])
    const grid = samplers.grid({ space, seed: 1 })
    expect([0, 1, 2, 3].map((n) => grid.propose(n, seenSoFar(space))?.n)).toEqual([1, 2, 3, undefined])
  })
})

describe('every value of a parameter belongs to it', () => {
  const ends = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  )
  test.each([
    range(0, 2 / 3, 1 / 3),
    range(0.1234567890123456, 1, 0.1),
    range(0, 1, 1 / 30_000),
    range(1e6, 1e6 + 1, 1e-6),
    range(-0.3, 0.3, 0.1),
    range(0, 1e-300, 1e-301),
    logRange(5e-324, 1),
    logIntegers(1, 2 ** 53 - 1),
    integers(-(2 ** 52), 2 ** 52 - 2, 7),
  ])('%j', (domain) => {
    const count = Math.min(cardinality(domain), 1000)
    for (let i = 0; i < count; i++) {
      const u = (i + 0.5) / count
      const value = fromUnit(domain, u) as number
      expect([value, isIn(domain, value)]).toEqual([value, true])
      expect(value).toBeGreaterThanOrEqual(domain.low)
      expect(value).toBeLessThanOrEqual(domain.high)
    }
  })
  test('whatever its ends and its steps', () => {
    fc.assert(
      fc.property(ends, fc.integer({ min: 1, max: 1e6 }), fc.nat(), ([low, width], parts, n) => {
        const domain = range(low, low + width, width / parts)
        fc.pre(width / parts > 1e-15 * (Math.abs(low) + width)) // finer steps are refused
        const i = n % cardinality(domain)
        const value = valueAt(domain, i) as number
        expect(isIn(domain, value)).toBe(true)
        expect(value >= domain.low && value <= domain.high).toBe(true)
        if (i > 0) expect(value).toBeGreaterThan(valueAt(domain, i - 1) as number)
      }),
    )
  })
  test('and what lies between the steps, or beside them, does not', () => {
    const domain = range(0, 0.5, 0.1)
    expect([0.30000000000000004, 0.3, 0.5].map((value) => isIn(domain, value))).toEqual([true, true, true])
    const others = [0.25, 0.3001, -0.1, 0.6, Number.NaN, '0.3', true, undefined]
    expect(others.filter((value) => isIn(domain, value))).toEqual([])
    expect([3, 2.5, 0, 11, '3'].map((value) => isIn(integers(1, 9, 2), value))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
