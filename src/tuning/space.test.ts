import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { key } from '../base/random.ts'
import {
  cardinality,
  type Domain,
  fromUnit,
  integers,
  isIn,
  logIntegers,
  logRange,
  oneOf,
  range,
  toUnit,
  when,
} from './domain.ts'
import { openSpace, refuseEmpty } from './open-space.ts'
import { parseSpace } from './parse-space.ts'
import { defineSpace, type PointIn } from './space.ts'
import { cnn, mlp } from './spaces/reference.ts'

const domains: readonly Domain[] = [
  oneOf('a', 'b', 'c'),
  integers(1, 4),
  integers(32, 256, 32),
  logIntegers(1, 512),
  range(0, 0.5),
  range(0, 0.5, 0.1),
  logRange(1e-4, 1e-1),
  range(2, 2),
]

describe('domains', () => {
  test('every place holds a value, and the value’s place gives it back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...domains),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (domain, u) => {
          const value = fromUnit(domain, u)
          expect(isIn(domain, value)).toBe(true)
          const place = toUnit(domain, value)
          expect(place).toBeGreaterThanOrEqual(0)
          expect(place).toBeLessThanOrEqual(1)
          const back = fromUnit(domain, Math.min(place, 0.9999999))
          if (typeof back === 'number') expect(back).toBeCloseTo(value as number, 6)
          else expect(back).toBe(value)
        },
      ),
    )
  })
  test('steps are counted, ends included, and decimal', () => {
    expect(domains.map(cardinality)).toEqual([3, 4, 8, 512, Infinity, 6, Infinity, 1])
    expect(Array.from({ length: 6 }, (_, i) => fromUnit(range(0, 0.5, 0.1), (i + 0.5) / 6))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5,
    ])
  })
})

describe('the reference’s spaces', () => {
  test('have 324 and 1,728 points, all different', () => {
    for (const [space, size] of [
      [openSpace(mlp), 324],
      [openSpace(cnn), 1728],
    ] as const) {
      expect(space.size).toBe(size)
      expect(space.countAllowed()).toBe(size)
      const names = new Set(Array.from({ length: size }, (_, i) => space.nameOf(space.at(i))))
      expect(names.size).toBe(size)
    }
  })
  test('are typed', () => {
    expectTypeOf<PointIn<typeof mlp>['first']>().toEqualTypeOf<64 | 128 | 256>()
    expectTypeOf<PointIn<typeof mlp>['optimizer']>().toEqualTypeOf<'sgd' | 'adam'>()
  })
})

const tree = defineSpace({
  name: 'tree',
  parameters: {
    third: when({ depth: 3 }, oneOf(8, 16)),
    depth: integers(1, 3),
    first: [8, 16],
    second: when({ depth: { atLeast: 2 } }, oneOf(8, 16)),
    kind: ['sgd', 'adam'],
    momentum: when({ kind: 'sgd', depth: { atMost: 2 } }, oneOf(0, 0.9)),
  },
  constraints: [(point) => point.second === undefined || point.second <= point.first],
})

describe('conditions', () => {
  const opened = openSpace(tree)
  test('the type says what may be missing', () => {
    expectTypeOf<PointIn<typeof tree>['second']>().toEqualTypeOf<8 | 16 | undefined>()
    expectTypeOf<PointIn<typeof tree>['depth']>().toEqualTypeOf<number>()
  })
  test('the points are those of the loops, each once', () => {
    // first: 2; depth 1: kind 1 + 2; depth 2: second 2 × (1 + 2); depth 3: second 2 × third 2 × 2 kinds
    expect(opened.size).toBe(2 * (3 + 6 + 8))
    const points = Array.from({ length: opened.size }, (_, i) => opened.at(i))
    expect(new Set(points.map(opened.nameOf)).size).toBe(opened.size)
    for (const point of points) {
      expect('second' in point).toBe(Number(point.depth) >= 2)
      expect('third' in point).toBe(point.depth === 3)
      expect('momentum' in point).toBe(point.kind === 'sgd' && Number(point.depth) <= 2)
    }
  })
  test('constraints leave fewer, and only those belong to the space', () => {
    const points = Array.from({ length: opened.size }, (_, i) => opened.at(i))
    expect(opened.countAllowed()).toBe(points.filter(opened.contains).length)
    expect(opened.countAllowed()).toBeLessThan(opened.size)
    expect(opened.contains({ depth: 1, first: 8, second: 8, kind: 'adam' })).toBe(false)
    expect(opened.contains({ depth: 1, first: 9, kind: 'adam' })).toBe(false)
  })
  test('a random point has what it may have', () => {
    for (let i = 0; i < 200; i++) {
      const point = opened.draw(key(3).child(i))
      if (opened.allows(point)) expect(opened.contains(point)).toBe(true)
    }
  })
  test('a space far too large to list is counted and indexed', () => {
    const large = openSpace({
      name: 'large',
      parameters: Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`p${i}`, integers(1, 10)])),
      constraints: [],
    })
    expect(large.size).toBe(1e15)
    expect(large.at(123456789012345)).toMatchObject({ p0: 2, p1: 3, p14: 6 })
  })
})

describe('JSON', () => {
  const read = (json: unknown) => openSpace(parseSpace(json, 'mine', 'mine.json'))
  test('a dictionary of values is a space', () => {
    expect(read({ batch: [16, 32], rate: [0.1] }).size).toBe(2)
  })
  test('says all that the builders say', () => {
    const opened = read({
      parameters: {
        depth: { integers: [1, 2] },
        rate: { logRange: [1e-4, 0.1] },
        dropout: { range: [0, 0.5, 0.1] },
        width: { logIntegers: [8, 64] },
        second: { oneOf: [8, 16], when: { depth: { atLeast: 2 } } },
        kind: ['sgd', 'adam'],
      },
      constraints: [
        { any: [{ different: ['kind', { value: 'adam' }] }, { lessOrEqual: ['rate', 0.01] }] },
        { less: ['second', 'width'] },
      ],
    })
    expect(opened.size).toBe(Infinity)
    expect(opened.allows({ depth: 1, rate: 0.05, dropout: 0, width: 8, kind: 'adam' })).toBe(false)
    expect(opened.allows({ depth: 1, rate: 0.05, dropout: 0, width: 8, kind: 'sgd' })).toBe(true)
    expect(opened.allows({ depth: 2, rate: 0.001, dropout: 0, width: 8, second: 8, kind: 'sgd' })).toBe(false)
  })
  test('equal spaces have equal hashes, others do not', () => {
    expect(read({ a: [1, 2] }).hash).toBe(read({ parameters: { a: { oneOf: [1, 2] } } }).hash)
    expect(read({ a: [1, 2] }).hash).not.toBe(read({ a: [2, 1] }).hash)
  })
  test.each([
    [{ a: [] }, /space mine: a: expected at least one value, received an empty list/],
    [{}, /at least one parameter/],
    [[1], /a dictionary of parameters/],
    [{ a: { integer: [1, 2] } }, /mine\.json: a: expected a list, or/],
    [{ a: [1, 1] }, /different values/],
    [{ a: { range: [2, 1] } }, /low end that is not above/],
    [{ a: { logRange: [0, 1] } }, /low end above 0/],
    [{ a: { integers: [1.5, 3] } }, /whole numbers as ends/],
    [{ a: { integers: [1, 3, 0] } }, /a step above 0/],
    [{ parameters: { a: { oneOf: [1], when: { b: 1 } } } }, /a: when: expected one of the parameters a/],
    [
      { parameters: { a: { oneOf: [1], when: { b: 1 } }, b: { oneOf: [1], when: { a: 1 } } } },
      /conditions that lead to/,
    ],
    [
      { parameters: { a: [1], b: { oneOf: [1], when: { a: 2 } } } },
      /b: when a: expected one of 1, received 2/,
    ],
    [
      { parameters: { a: [1] }, constraints: [{ less: ['a', 'c'] }] },
      /constraint 1: expected one of the parameters a/,
    ],
    [{ parameters: { a: [1] }, constraints: [{ under: ['a', 2] }] }, /a comparison such as/],
    [{ parameters: { a: [1] }, limits: [] }, /received "limits"/],
  ])('%j is refused: %s', (json, message) => {
    expect(() => read(json)).toThrow(message)
  })
  test('constraints that exclude everything are told at once', () => {
    const empty = read({ parameters: { a: [1, 2] }, constraints: [{ less: ['a', 1] }] })
    expect(() => refuseEmpty(empty, key(1))).toThrow(/none of 2 points.*exclude everything/)
    const endless = read({ parameters: { a: { range: [1, 2] } }, constraints: [{ less: ['a', 1] }] })
    expect(() => refuseEmpty(endless, key(1))).toThrow(/none among 20,000 random points/)
  })
})
