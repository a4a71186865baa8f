import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestRemainder, split } from './split.ts'

/** Labels with the given number of images of each class, classes in turn. */
function labelsOf(...counts: number[]): { labels: Uint8Array } {
  const labels = counts.flatMap((count, c) => new Array<number>(count).fill(c))
  return { labels: Uint8Array.from(labels) }
}

function count({ labels }: { labels: Uint8Array }, positions: Int32Array): number[] {
  const counts: number[] = []
  for (const position of positions) counts[labels[position]] = (counts[labels[position]] ?? 0) + 1
  return counts
}

describe('a stratified split', () => {
  test('uses every image once, keeps the classes to within one image, and is exact in total', () => {
    const classes = fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 2, maxLength: 6 })
    const shares = fc.double({ min: 0.15, max: 0.85, noNaN: true })
    fc.assert(
      fc.property(classes, shares, fc.nat(), (counts, validation, seed) => {
        const images = labelsOf(...counts)
        const parts = split(images, { validation, seed })
        const all = [...parts.train, ...parts.validation].sort((a, b) => a - b)
        expect(all).toEqual(Array.from(images.labels.keys()))
        expect(parts.validation.length).toBe(Math.round(images.labels.length * validation))
        for (const [c, held] of count(images, parts.validation).entries())
          expect(Math.abs(held - counts[c] * validation)).toBeLessThan(1)
      }),
    )
  })

  test('of the classes of Fashion-MNIST leaves 48,000 and 12,000 images', () => {
    const images = labelsOf(...new Array<number>(10).fill(6000))
    const { train, validation } = split(images, { validation: 0.2, seed: 1 })
    expect(count(images, train)).toEqual(new Array(10).fill(4800))
    expect(count(images, validation)).toEqual(new Array(10).fill(1200))
  })

  test('is the same for the same seed, and another for another', () => {
    const images = labelsOf(50, 50)
    const [a, b, c] = [1, 1, 2].map((seed) => split(images, { validation: 0.2, seed }))
    expect(a).toEqual(b)
    expect(a.hash).not.toBe(c.hash)
  })

  test('has a hash that anybody can compute again', () => {
    // SHA-256 of 00000000 03000000 (train) 01000000 02000000 (validation), by sha256sum.
    const { train, validation, hash } = split(labelsOf(2, 2), { validation: 0.5, seed: 4 })
    expect([[...train], [...validation]]).toEqual([
      [0, 3],
      [1, 2],
    ])
    expect(hash).toBe('20a743e052c9d5cfd34446bb42d40e9113bd65a8e43d9e3d108793bf2162f73c')
  })

  test('gives positions in ascending order', () => {
    const { train } = split(labelsOf(20, 20), { validation: 0.5, seed: 1 })
    expect([...train]).toEqual([...train].sort((a, b) => a - b))
  })

  test('passes over class numbers that no image has', () => {
    const { train, validation } = split({ labels: Uint8Array.of(0, 0, 5, 5) }, { validation: 0.5, seed: 1 })
    expect([train.length, validation.length]).toEqual([2, 2])
  })

  test.each([0, 1, -0.2, 1.5, Number.NaN])('refuses a share of %d', (validation) => {
    expect(() => split(labelsOf(5, 5), { validation, seed: 1 })).toThrow(
      `validation: expected a share between 0 and 1, both excluded, received ${validation}`,
    )
  })

  test('refuses to leave a class without images', () => {
    expect(() => split(labelsOf(100, 2), { validation: 0.1, seed: 1 })).toThrow(
      'validation: expected at least one image of class 1 on each side, received 2 and 0 of 2',
    )
    expect(() => split(labelsOf(100, 1), { validation: 0.6, seed: 1 })).toThrow('received 0 and 1 of 1')
  })
})

test('the largest remainders are rounded up, ties in order', () => {
  expect(largestRemainder([1.2, 2.7, 0.5, 0.5], 5)).toEqual([1, 3, 1, 0])
  expect(largestRemainder([2, 3], 5)).toEqual([2, 3])
})
