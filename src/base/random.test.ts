import { describe, expect, test } from 'vitest'
import { philox } from './philox.ts'
import { key, normals, shuffle, uniforms } from './random.ts'

describe('Philox4x32-10', () => {
  // The known answers that ship with Random123 (kat_vectors).
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published words for counter %j', ([a, b, c, d], [k0, k1], words) => {
    expect(philox(a, b, c, d, k0, k1)).toEqual(words)
  })
})

describe('keys', () => {
  test('children with different names, numbers and parents are different', () => {
    const all = [
      key(1),
      key(2),
      key(1).child('a'),
      key(1).child('b'),
      key(1).child(0),
      key(1).child(1),
      key(1).child('0'),
    ]
    expect(new Set(all.map((k) => k.words.join())).size).toBe(all.length)
  })
  test('a longer draw begins with the shorter one', () => {
    expect([...uniforms(key(5), 9).subarray(0, 3)]).toEqual([...uniforms(key(5), 3)])
  })
  test('a shuffle keeps the items and moves them', () => {
    const items = shuffle(
      key(3),
      Int32Array.from({ length: 1000 }, (_, i) => i),
    )
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(items[0] === 0 && items[1] === 1 && items[2] === 2).toBe(false)
  })
  test('normal draws have mean 0 and variance 1', () => {
    const draws = normals(key(7), 100_000)
    const mean = draws.reduce((a, b) => a + b) / draws.length
    const variance = draws.reduce((a, b) => a + b * b, 0) / draws.length
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.02)
  })
})
