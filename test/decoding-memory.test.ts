import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePicture, memoryToDecode, TooLargePictureError } from '../src/pictures/decode-picture.ts'

const MiB = 2 ** 20
/** A process that decodes pictures gets by with so much. */
const ENOUGH = 256 * MiB

const blank = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background: '#306090' }, limitInputPixels: false })

/** A picture that loads the decoders. */
const TINY = (await blank(300, 300).jpeg().toBuffer()).toString('base64')

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atelier-memory-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** Pictures whose decoders hold all of them: small files all. */
const hungry: Readonly<Record<string, () => Sharp>> = {
  'progressive JPEG': () =>
    blank(3500, 2500).jpeg({ progressive: true, chromaSubsampling: '4:4:4', optimizeScans: false }),
  'interlaced PNG': () => blank(3000, 2000, 4).png({ progressive: true, compressionLevel: 1 }),
  GIF: () => blank(3500, 2500).gif({ effort: 1 }),
  WebP: () => blank(3500, 3000, 4).webp({ lossless: true, effort: 0 }),
  TIFF: () =>
    blank(2048, 2048, 4)
      .toColorspace('rgb16')
      .tiff({ compression: 'deflate', tile: true, tileWidth: 2048, tileHeight: 2048 }),
  AVIF: () => blank(900, 800).avif({ effort: 0 }),
}

/** What decoding files, each so many times and all at once, did to the resident memory of a process of its own, in bytes. */
async function decoding(files: readonly string[], times = 1): Promise<{ began: number; peak: number }> {
  const module = new URL('../dist/pictures/decode-picture.js', import.meta.url).href
  // Not the peak of resourceUsage(): a child has that of its parent.
  const script = `
    import { readFile } from 'node:fs/promises'
    import { existsSync, readFileSync } from 'node:fs'
    const { decodePicture } = await import(${JSON.stringify(module)})
    const [times, ...files] = process.argv.slice(1)
    const pictures = await Promise.all(files.map((file) => readFile(file)))
    await decodePicture(Buffer.from(${JSON.stringify(TINY)}, 'base64'))
    const began = process.memoryUsage.rss()
    const all = Array.from({ length: Number(times) }, () => pictures).flat()
    await Promise.allSettled(all.map((bytes) => decodePicture(bytes)))
    const status = '/proc/self/status'
    const highest = existsSync(status) && /VmHWM:\\s+(\\d+)/.exec(readFileSync(status, 'utf8'))?.[1]
    console.log(JSON.stringify({ began, peak: 1024 * (highest || process.resourceUsage().maxRSS) }))`
  const args = ['--input-type=module', '--eval', script, String(times), ...files]
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
}

async function written(name: string, picture: Sharp): Promise<string> {
  const file = join(directory, name)
  await picture.toFile(file)
  return file
}

/** How much a process grows beyond what it holds is up to its allocator: measured where there is time to look at it. */
const isLong = process.env.ATELIER_LONG_TESTS === '1'

test.runIf(isLong)('however many large pictures come at once, and of whatever kind, 256 MiB do', async () => {
  const files = await Promise.all(Object.entries(hungry).map(([name, make]) => written(name, make())))
  expect((await decoding(files, 4)).peak).toBeLessThan(ENOUGH)
})

describe.runIf(isLong)('what a decoder takes is known from the header', () => {
  test.each(Object.entries(hungry))('%s', async (name, make) => {
    const file = await written(name, make())
    const { began, peak } = await decoding([file])
    expect(peak - began).toBeLessThan(await memoryToDecode(await readFile(file)))
  })
})

describe('what would take too much is refused before it is unpacked', () => {
  const refusal = async (file: string) => {
    const { began, peak } = await decoding([file], 4)
    expect(peak - began).toBeLessThan(32 * MiB)
    const error = await decodePicture(await readFile(file)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TooLargePictureError)
    return (error as Error).message
  }

  test('a side that is too long', async () => {
    const wide = await written('wide', blank(1_000_000, 1).png())
    expect(await refusal(wide)).toBe(
      'picture: expected at most 32,768 pixels along each side, received a PNG of 1000000×1.',
    )
  })

  test('a decoder that holds the whole picture', async () => {
    const large = await written('large', blank(7000, 7000).webp({ lossless: true, effort: 0 }))
    expect(await refusal(large)).toBe(
      'picture: expected a picture that is decoded in 64 MiB of memory, received a WEBP of 7000×7000, which takes up to 219. Save it smaller, or as a JPEG that is not progressive.',
    )
  })

  test('and where a limit is raised, it is decoded', async () => {
    const file = await blank(4200, 4200).webp({ lossless: true, effort: 0 }).toBuffer()
    await expect(decodePicture(file)).rejects.toThrow(TooLargePictureError)
    expect((await decodePicture(file, { memory: ENOUGH })).width).toBeGreaterThan(0)
  })
})
