import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decodePlainPng } from './plain-png.ts'

/** What the general decoder makes of a file. */
async function general(png: Uint8Array) {
  const decoder = sharp(png).toColorspace('srgb').ensureAlpha().raw()
  const { data, info } = await decoder.toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** A picture with slopes and edges, which the filters of PNG are made for. */
function drawn(width: number, height: number, channels: 1 | 2 | 3 | 4) {
  const pixels = new Uint8Array(width * height * channels)
  for (let i = 0; i < pixels.length; i++) {
    const [p, c] = [Math.floor(i / channels), i % channels]
    const [x, y] = [p % width, Math.floor(p / width)]
    pixels[i] = x > y ? 3 * x + 5 * y + 40 * c : (x * y * (c + 1)) % 256
  }
  return sharp(pixels, { raw: { width, height, channels } })
}

const kinds = [1, 2, 3, 4] as const
const png = drawn(28, 28, 1).png().toBuffer()

test.each(
  kinds.flatMap((channels) => [true, false].map((adaptiveFiltering) => ({ channels, adaptiveFiltering }))),
)('says what the general decoder says: %o', async ({ channels, adaptiveFiltering }) => {
  const file = await drawn(37, 23, channels).png({ adaptiveFiltering }).toBuffer()
  expect(decodePlainPng(file)).toEqual(await general(file))
})

test('palettes too, transparent ones as well', async () => {
  for (const channels of [3, 4] as const) {
    const file = await drawn(40, 30, channels).png({ palette: true, colors: 200, dither: 0 }).toBuffer()
    expect(file[25]).toBe(3)
    expect(decodePlainPng(file)).toEqual(await general(file))
  }
})

test('leaves to it what it does not know', async () => {
  const others = [
    drawn(20, 20, 3).jpeg(),
    drawn(20, 20, 3).png({ progressive: true }),
    drawn(20, 20, 3).toColorspace('rgb16').png(),
    drawn(20, 20, 3).withIccProfile('p3').png(),
    drawn(20, 20, 3).withMetadata({ orientation: 6 }).png(),
    drawn(20, 20, 1).png({ palette: true, colors: 2 }), // one bit a pixel
    drawn(300, 300, 1).png(),
  ]
  for (const other of others) expect(decodePlainPng(await other.toBuffer())).toBeUndefined()
})

test('a file that is damaged anywhere is left to it, and nothing is thrown', async () => {
  const file = await png
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(file)
      damaged[at] ^= change
      expect(decodePlainPng(damaged)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
  for (let length = 0; length < file.length; length++)
    expect(decodePlainPng(file.subarray(0, length))).toBeUndefined()
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decodePlainPng(bytes) === undefined))
})
