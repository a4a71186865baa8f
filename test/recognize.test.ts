import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { drawSilhouettes } from '../src/data/silhouettes/silhouettes.ts'
import { loadClassifier } from '../src/recognition/load.ts'
import { atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

const place = workplace()
const at = (...parts: string[]) => join(place.path, ...parts)
const call = (...args: string[]) => atelier(['recognize', ...args], { cwd: place.path })
const { pixels } = drawSilhouettes(3, 'train', 3)
const imageAt = (i: number) => pixels.slice(784 * i, 784 * (i + 1)).map((x) => (x < 16 ? 0 : x))
const gray = (image: Uint8Array) => sharp(image, { raw: { width: 28, height: 28, channels: 1 } })
const share = expect.any(Number)

interface Result {
  readonly file: string
  readonly className: string
  readonly probabilities: readonly number[]
  readonly problem?: { readonly received: string }
}
interface Document {
  readonly model: string
  readonly classNames: readonly string[]
  readonly results: readonly Result[]
}

beforeAll(async () => {
  await mkdir(at('wardrobe', 'drawer'), { recursive: true })
  await mkdir(at('empty'))
  await gray(imageAt(0)).png().toFile(at('wardrobe', 'as it is.png'))
  const negative = imageAt(1).map((x) => 255 - x)
  await gray(negative).resize(140, 140, { kernel: 'cubic' }).jpeg().toFile(at('wardrobe', 'negative.jpg'))
  await gray(imageAt(2))
    .resize(112, 112)
    .webp()
    .toFile(at('wardrobe', 'drawer', 'large.webp'))
  await writeFile(at('wardrobe', 'notes.txt'), 'no picture')
  await writeFile(at('secret.png'), await readFile(at('wardrobe', 'as it is.png')))
  await symlink(at('secret.png'), at('wardrobe', 'link.png'))
})

const small = 'wardrobe/as it is.png'

describe('the packaged network answers', () => {
  test('about one picture, in a sentence with bars', async () => {
    const { code, out, err } = await call(small)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /^wardrobe\/as it is\.png: (not sure, perhaps )?[A-Z][\w\-/ ]+, [\d.]+ %\n( {2}\S.* [━╌]{24} .* %\n)+$/,
    )
  })

  test('about a folder: its pictures and those below, and no links', async () => {
    const { code, out } = await call('wardrobe')
    const files = out.split('\n').map((line) => line.split(/ {2,}/)[0])
    expect({ code, files }).toEqual({
      code: 0,
      files: ['file', 'wardrobe/as it is.png', 'wardrobe/drawer/large.webp', 'wardrobe/negative.jpg', ''],
    })
  })

  test('as JSON, with what the library says', async () => {
    const { classNames, results } = documentOf<Document>(await call('wardrobe', '--json'))
    expect(classNames).toHaveLength(10)
    expect(results).toHaveLength(3)
    const predictor = await loadClassifier()
    expect(results[0]).toEqual({
      file: small,
      ...predictor.predict(imageAt(0)),
      seen: { kind: 'same', isInverted: false, box: { left: 0, top: 0, width: 28, height: 28 } },
    })
    predictor.close()
    expect(results[2]).toMatchObject({ seen: { kind: 'blend', isInverted: true } })
  })

  test('as comma-separated values', async () => {
    const { code, out } = await call('wardrobe', 'wardrobe/notes.txt', '--csv')
    const [head, ...lines] = out.trimEnd().split('\n')
    expect(head).toMatch(/^file,class,probability,sure,T-shirt\/top,Trouser,.*,Ankle boot,problem$/)
    expect(lines).toHaveLength(4)
    expect(lines[1]).toMatch(/^wardrobe\/drawer\/large\.webp,[^,]+,[\d.]+,(true|false)(,[\d.e-]+){10},$/)
    expect(lines[3]).toMatch(/^wardrobe\/notes\.txt,,,,,,,,,,,,,,".*received text\.?"$/)
    expect(code).toBe(2)
  })

  test('and explains: what it saw and where it looked, as text and as a drawing', async () => {
    const { code, out } = await call(small, '--explain', '--out', 'why')
    expect(code).toBe(0)
    expect(out).toMatch(/what it saw +where it looked/)
    expect(out).toContain('Drawn: why/as it is.svg')
    const svg = await readFile(at('why', 'as it is.svg'), 'utf8')
    expect(svg).toMatch(/^<svg .*Grad-CAM at conv_2d_layer_2.*<\/svg>$/s)
    expect(svg).not.toContain('var(--')
  })

  test('the explanation as JSON', async () => {
    const document = documentOf<{ results: { explanation: object }[] }>(
      await call(small, '--explain', '--json'),
    )
    const { explanation } = document.results[0]
    const row = Array.from({ length: 28 }, () => share)
    expect(explanation).toEqual({
      pixels: Buffer.from(imageAt(0)).toString('base64'),
      method: 'grad-cam',
      layer: 'conv_2d_layer_2',
      map: Array.from({ length: 28 }, () => row),
      drawing: null,
    })
  })
})

describe('a picture that is none gets a clear answer, and nothing else is touched', () => {
  beforeAll(async () => {
    await mkdir(at('bad'))
    const png = await gray(imageAt(0)).resize(200, 200).png().toBuffer()
    await writeFile(at('bad', 'cut.png'), png.subarray(0, png.length / 2))
    await writeFile(at('bad', 'nothing.png'), '')
    await writeFile(at('bad', 'text.jpg'), 'a shirt')
    await writeFile(at('bad', 'one.png'), await gray(imageAt(0)).resize(1, 1).png().toBuffer())
    await symlink(at('bad', 'gone.png'), at('bad', 'broken.png'))
    execFileSync('mkfifo', [at('bad', 'pipe.png')])
    // The header of a PNG of 50,000 × 50,000 pixels, and the beginning of its data.
    const bomb = Buffer.from(png)
    bomb.writeUInt32BE(50_000, 16)
    bomb.writeUInt32BE(50_000, 20)
    bomb.writeUInt32BE(await crcOf(bomb.subarray(12, 29)), 29)
    await writeFile(at('bad', 'bomb.png'), bomb)
  })

  test.each<[string, RegExp]>([
    ['bad/cut.png', /bad\/cut\.png: picture: expected a whole picture/],
    ['bad/nothing.png', /received no bytes at all/],
    ['bad/text.jpg', /expected a PNG, JPEG, WebP, GIF, TIFF or AVIF file, received text/],
    ['bad/one.png', /expected an item that stands out from its background, received 1×1 pixels/],
    ['bad/bomb.png', /expected at most 50,000,000 pixels, received more/],
    ['bad/broken.png', /expected a picture, received a link that leads nowhere/],
    ['bad/pipe.png', /expected a picture, received something that is no file/],
    ['absent.png', /absent\.png: expected a picture, received nothing there/],
    ['empty', /empty: expected a folder with pictures in it .*, received no picture/],
    ['/dev/zero', /something that is no file/],
  ])('%s', async (file, message) => {
    expectRefusal(await call(file), message)
  })

  test('an SVG that names files and addresses opens neither', async () => {
    let asked = 0
    const server = createServer(() => {
      asked += 1
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40">
      <script>fetch('http://127.0.0.1:${port}/a')</script><image xlink:href="http://127.0.0.1:${port}/b.png" width="40" height="40"/>
      <image xlink:href="file://${at('secret.png')}" width="40" height="40"/></svg>`
    await writeFile(at('drawing.svg'), svg)
    await writeFile(at('drawing.png'), svg)
    expectRefusal(await call('drawing.svg'), /received XML \(a drawing such as SVG/)
    expectRefusal(await call('drawing.png'), /received XML \(a drawing such as SVG/)
    expect(asked).toBe(0)
    server.close()
  })

  test('16 bits, CMYK and pictures that move are recognized', async () => {
    const large = () => gray(imageAt(0)).resize(112, 112)
    await mkdir(at('rare'))
    await large().toColorspace('grey16').png().toFile(at('rare', 'sixteen.png'))
    await large().toColorspace('cmyk').jpeg().toFile(at('rare', 'print.jpg'))
    const frames = [await large().png().toBuffer(), await large().negate().png().toBuffer()]
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toFile(at('rare', 'moves.gif'))
    const { results } = documentOf<Document>(await call('rare', '--json'))
    expect(results.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined])
  })

  test('among others it is told, the others are recognized, and the exit code is 2', async () => {
    const answer = await call(small, 'bad/cut.png', 'bad/text.jpg', '--json')
    const { results } = documentOf<Document>(answer, 2)
    expect(results.map(({ className, problem }) => className ?? problem?.received)).toEqual([
      expect.any(String),
      expect.any(String),
      'text',
    ])
    expect(answer.err).toMatch(/recognize: expected 3 pictures, received 2 that cannot be recognized/)
  })
})

describe('a line that asks for too much at once', () => {
  test.each<[string[], RegExp]>([
    [[], /missing required argument 'pictures'/],
    [[small, '--csv', '--json'], /--csv: expected no --json beside it/],
    [[small, '--csv', '--explain'], /--csv: expected no --explain beside it/],
    [[small, '--out', 'x'], /--out: expected --explain beside it/],
    [[small, '--model', 'nowhere'], /nowhere: expected a weights file/],
  ])('%s', async (args, message) => {
    expectRefusal(await call(...args), message)
    expect(existsSync(at('x'))).toBe(false)
  })

  test('nothing was written but what was asked for', async () => {
    expect((await readdir(place.path)).sort()).toEqual([
      'bad',
      'drawing.png',
      'drawing.svg',
      'empty',
      'rare',
      'secret.png',
      'wardrobe',
      'why',
    ])
  })
})

async function crcOf(bytes: Uint8Array): Promise<number> {
  return (await import('node:zlib')).crc32(bytes)
}
