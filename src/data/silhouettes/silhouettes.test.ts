import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../base/hash.ts'
import { paint } from './canvas.ts'
import { cloth, detail, hole } from './drawing.ts'
import { box, ellipse, stroke } from './geometry.ts'
import { drawSilhouettes } from './silhouettes.ts'

const upright = { cosine: 1, sine: 0, scaleX: 1, scaleY: 1, x: 0, y: 0 }

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0)
}

describe('painting', () => {
  test('covers exactly the area of an outline, wherever its edges fall', () => {
    // In pixels: from (1.2, 1.6) to (5.2, 6.8) of 8×8.
    const { cover } = paint([cloth(box(-0.7, -0.6, 0.3, 0.7), 0.5)], upright, 8)
    expect(sum(cover)).toBeCloseTo(4 * 5.2, 12)
    expect(cover[8 + 1]).toBeCloseTo(0.8 * 0.4, 12)
    expect(cover[3 * 8 + 3]).toBeCloseTo(1, 12)
  })

  test('a turn keeps the area', () => {
    const turned = { ...upright, cosine: 0.6, sine: 0.8 }
    const { cover } = paint([cloth(box(-0.5, -0.25, 0.5, 0.25), 1)], turned, 28)
    expect(sum(cover)).toBeCloseTo(14 * 7, 9)
  })

  test('an ellipse and a stroke have about their areas', () => {
    expect(sum(paint([cloth(ellipse(0, 0, 0.5, 0.5), 1)], upright, 28).cover)).toBeGreaterThan(
      0.97 * Math.PI * 49,
    )
    const line = stroke(
      [
        [-0.5, -0.5],
        [0.5, 0.5],
      ],
      0.1,
    )
    expect(sum(paint([cloth(line, 1)], upright, 28).cover)).toBeCloseTo(Math.SQRT2 * 0.1 * 14 * 14, 9)
  })

  test('what lies outside is cut off and nothing wraps around', () => {
    const { cover } = paint([cloth(box(0.5, -3, 3, 0), 1)], upright, 8)
    expect(sum(cover)).toBeCloseTo(2 * 4, 9)
    expect(sum(paint([cloth(box(-4, -1, -1.5, 1), 1)], upright, 8).cover)).toBe(0)
  })

  test('details mark cloth alone, and holes take it away', () => {
    const left = cloth(box(-1, -1, 0, 1), 0.5)
    const { tone, cover } = paint([left, detail(box(-1, -1, 1, 0), 1), hole(box(-1, 0.5, 1, 1))], upright, 4)
    expect([...tone]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0])
    expect([...cover]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0])
  })
})

describe('silhouettes', () => {
  const images = drawSilhouettes(1, 'train', 200)

  test('are gray images of 28×28 pixels on black', () => {
    expect([images.height, images.width, images.channels]).toEqual([28, 28, 1])
    const black = images.pixels.filter((value) => value < 16).length / images.pixels.length
    expect(black).toBeGreaterThan(0.4)
    expect(black).toBeLessThan(0.9)
  })

  test('hold every class once in each ten, in no fixed order', () => {
    for (let i = 0; i < 200; i += 10)
      expect([...images.labels.subarray(i, i + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(images.labels.subarray(0, 10)).not.toEqual(images.labels.subarray(10, 20))
  })

  test('depend on seed, split and position alone: a longer set begins with the shorter one', () => {
    expect(drawSilhouettes(1, 'train', 30).pixels).toEqual(images.pixels.subarray(0, 30 * 784))
    expect(drawSilhouettes(2, 'train', 30).pixels).not.toEqual(images.pixels.subarray(0, 30 * 784))
    expect(drawSilhouettes(1, 'test', 30).pixels).not.toEqual(images.pixels.subarray(0, 30 * 784))
  })

  test('are all different, and none is empty', () => {
    const each = Array.from({ length: 200 }, (_, i) => images.pixels.subarray(i * 784, (i + 1) * 784))
    expect(new Set(each.map((pixels) => sha256Hex(pixels))).size).toBe(200)
    for (const pixels of each) expect(pixels.filter((value) => value > 32).length).toBeGreaterThan(20)
  })

  test('are the same bits on every machine', () => {
    expect(sha256Hex(images.pixels, images.labels)).toBe(
      '9e0e6c719e1c36697158f198d1a96e9fa8d25dc7dc842c4ea9a90ad140d08e5c',
    )
  })

  test.each([0, -1, 1.5, Number.NaN])('a count of %d is refused', (count) => {
    expect(() => drawSilhouettes(1, 'test', count)).toThrow(
      `silhouettes, test: expected a whole number of images from 1, received ${count}`,
    )
  })
})
