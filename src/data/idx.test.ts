import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseIdxImages, parseIdxLabels, writeIdxImages, writeIdxLabels } from './idx.ts'

const images = {
  count: 2,
  height: 2,
  width: 3,
  channels: 1,
  pixels: Uint8Array.from({ length: 12 }, (_, i) => i),
}

describe('IDX files', () => {
  test('images come back as they were written', () => {
    const sizes = fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(sizes, fc.nat(255), ([count, height, width], first) => {
        const pixels = Uint8Array.from({ length: count * height * width }, (_, i) => first + i)
        const written = { count, height, width, channels: 1, pixels }
        expect(parseIdxImages(writeIdxImages(written), 'file')).toEqual(written)
      }),
    )
  })

  test('labels come back as they were written', () => {
    expect(parseIdxLabels(writeIdxLabels(Uint8Array.of(3, 1, 255)), 'file')).toEqual(Uint8Array.of(3, 1, 255))
  })

  test('the bytes are those of the format: magic number and sizes big-endian, then the values', () => {
    expect([...writeIdxLabels(Uint8Array.of(7, 9))]).toEqual([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])
    expect([...writeIdxImages(images).subarray(0, 16)]).toEqual([
      0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3,
    ])
  })

  test('a view into a larger buffer is read from its own start', () => {
    const bytes = writeIdxLabels(Uint8Array.of(4))
    const shifted = new Uint8Array([99, ...bytes]).subarray(1)
    expect([...parseIdxLabels(shifted, 'file')]).toEqual([4])
  })

  test('labels where images should be are named as such', () => {
    expect(() => parseIdxImages(writeIdxLabels(Uint8Array.of(1)), 'train-images')).toThrow(
      'train-images: expected IDX images (magic number 0x00000803), received IDX labels (0x00000801). The files of images and labels may have been exchanged.',
    )
  })

  test('another format is refused by its magic number', () => {
    expect(() => parseIdxLabels(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'picture')).toThrow(
      'received 0x89504e47',
    )
  })

  test.each([0, 3, 7, 15])('a file of %d bytes is too short for a header', (length) => {
    expect(() => parseIdxImages(writeIdxImages(images).subarray(0, length), 'cut')).toThrow(
      `cut: expected at least 16 bytes, received ${length} bytes`,
    )
  })

  test.each([-1, 1])('a body %d byte longer than its header says is refused', (change) => {
    const bytes = new Uint8Array(28 + change)
    bytes.set(writeIdxImages(images).subarray(0, 28 + Math.min(0, change)))
    expect(() => parseIdxImages(bytes, 'file')).toThrow(
      `expected 28 bytes, as its header says (2×2×3), received ${28 + change} bytes`,
    )
  })

  test('a header that promises terabytes allocates nothing', () => {
    const bytes = Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 28)
    expect(() => parseIdxImages(bytes, 'file')).toThrow('damaged or was cut short')
  })

  test('color images cannot be written', () => {
    expect(() => writeIdxImages({ ...images, channels: 3 })).toThrow('IDX: expected 1 channel, received 3')
  })
})
