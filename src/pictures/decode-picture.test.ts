import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { decodePicture, TooLargePictureError } from './decode-picture.ts'

/** Red on the left, blue on the right. */
const half = (width: number, height: number) => {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const isLeft = Math.floor(i / 3) % width < width / 2
    return i % 3 === (isLeft ? 0 : 2) ? 255 : 0
  })
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

const colorAt = async (file: Uint8Array, x: number, y: number) => {
  const { width, data } = await decodePicture(file)
  return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)]
}

/** Whether two colors look the same. */
const isNear = (a: readonly number[], b: readonly number[]) => a.every((x, i) => Math.abs(x - b[i]) < 24)

describe('decodes what people have', () => {
  test.each([
    ['PNG', () => half(40, 30).png()],
    ['interlaced PNG', () => half(40, 30).png({ progressive: true })],
    ['16-bit PNG', () => half(40, 30).toColorspace('rgb16').png()],
    ['JPEG', () => half(40, 30).jpeg()],
    ['CMYK JPEG', () => half(40, 30).toColorspace('cmyk').jpeg()],
    ['WebP', () => half(40, 30).webp()],
    ['GIF', () => half(40, 30).gif()],
    ['TIFF', () => half(40, 30).tiff()],
    ['AVIF', () => half(40, 30).avif({ effort: 0 })],
  ])('%s', async (_, make) => {
    const file = await make().toBuffer()
    const [left, right] = [await colorAt(file, 2, 5), await colorAt(file, 37, 5)]
    expect(left).toSatisfy((color: number[]) => isNear(color, [255, 0, 0, 255]))
    // Blue is beyond what inks can print: in CMYK it comes out dark.
    expect(right[2]).toBeGreaterThan(120)
    expect(right[0]).toBeLessThan(40)
  })

  test('gray of sixteen bits keeps its shades', async () => {
    const shades = Uint16Array.from({ length: 64 }, (_, i) => i * 1024)
    const file = await sharp(shades, { raw: { width: 8, height: 8, channels: 1 } })
      .toColorspace('grey16')
      .png()
      .toBuffer()
    expect(file[24]).toBe(16)
    const { data } = await decodePicture(file)
    expect(Array.from({ length: 64 }, (_, i) => data[4 * i])).toEqual(
      Array.from(shades, (x) => Math.round(x / 257)).map((x) => expect.closeTo(x, -0.5)),
    )
  })

  test('the orientation mark of a camera is obeyed', async () => {
    const file = await half(40, 30).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const { width, height } = await decodePicture(file)
    expect([width, height]).toEqual([30, 40])
    expect(await colorAt(file, 15, 2)).toSatisfy((color: number[]) => isNear(color, [255, 0, 0, 255]))
  })

  test('of a picture that moves, the first frame', async () => {
    const frames = await Promise.all(
      ['red', 'lime'].map((background) =>
        sharp({ create: { width: 20, height: 10, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const file = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    const { width, height } = await decodePicture(file)
    expect([width, height]).toEqual([20, 10])
    expect(await colorAt(file, 3, 3)).toEqual([255, 0, 0, 255])
  })

  test('a large one comes out smaller, in proportion', async () => {
    const { width, height } = await decodePicture(await half(1500, 750).jpeg().toBuffer())
    expect([width, height]).toEqual([627, 314])
  })

  test('one pixel', async () => {
    expect((await decodePicture(await half(1, 1).webp().toBuffer())).width).toBe(1)
  })
})

/** A PNG that says that it is of any size, and has a row of it. */
function claims(width: number, height: number): Uint8Array {
  const chunk = (type: string, body: Uint8Array) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(body.length, 0)
    frame.writeUInt32BE(crc32(named), 4)
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const data = chunk('IDAT', deflateSync(new Uint8Array(width + 1)))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', header), data, chunk('IEND', new Uint8Array())])
}

describe('says what is wrong with a file', () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
    <script>throw 1</script><image xlink:href="file:///etc/hostname"/><image xlink:href="http://127.0.0.1:9/x.png"/></svg>`
  const bytes = (text: string) => Buffer.from(text, 'latin1')
  test.each<[string, Uint8Array, RegExp]>([
    ['no bytes', new Uint8Array(), /received no bytes at all/],
    ['text', bytes('a shirt, 28 by 28'), /expected a PNG, JPEG.*received text/],
    ['an SVG', bytes(svg), /received XML \(a drawing such as SVG/],
    ['an SVG that begins like a WebP', bytes(`<svg w='1WEBP' ${svg.slice(4)}`), /received XML/],
    ['an SVG behind a declaration', bytes(`<?xml version="1.0"?>${svg}`), /received XML/],
    ['a PDF', bytes('%PDF-1.7\n\xff\xfe'), /expected a PNG, JPEG/],
    ['a PNG signature and no more', bytes('\x89PNG\r\n\x1a\n'), /expected a whole picture/],
    ['an SVG behind the signature of a GIF', bytes(`GIF89a${svg}`), /expected a whole picture/],
  ])('%s', async (_, file, message) => {
    await expect(decodePicture(file)).rejects.toThrow(message)
    await expect(decodePicture(file)).rejects.toThrow(InputError)
  })

  test('a picture that was cut', async () => {
    for (const file of [await half(200, 300).png().toBuffer(), await half(40, 30).jpeg().toBuffer()]) {
      await expect(decodePicture(file.subarray(0, file.length * 0.6))).rejects.toThrow(/a whole picture/)
    }
  })

  test('a bomb of 50,000 × 50,000, before it is unpacked', async () => {
    const before = process.memoryUsage().rss
    await expect(decodePicture(claims(50_000, 50_000))).rejects.toThrow(TooLargePictureError)
    await expect(decodePicture(claims(50_000, 50_000))).rejects.toThrow(/at most 50,000,000 pixels/)
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  })

  test('the limit is as told', async () => {
    const file = await half(300, 300).png().toBuffer()
    await expect(decodePicture(file, { pixels: 50_000, seconds: 10 })).rejects.toThrow(/50,000 pixels/)
  })
})
