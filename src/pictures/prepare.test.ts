import { describe, expect, test } from 'vitest'
import { drawSilhouettes } from '../data/silhouettes/silhouettes.ts'
import { itemForm, type PictureForm, wholeForm } from './form.ts'
import type { Color, Picture } from './picture.ts'
import { prepare } from './prepare.ts'

const SIZE = 28
const form = itemForm({ width: SIZE, height: SIZE })
const { pixels } = drawSilhouettes(7, 'train', 20)

/** A silhouette in the form of Fashion-MNIST: cut free of dust, as `prepare` itself frames it. */
const framed = Array.from({ length: 20 }, (_, i) =>
  prepare(
    drawn(pixels.subarray(i * 784, (i + 1) * 784), (x) => gray(x < 16 ? 0 : x), { scale: 2 }),
    form,
  ),
).map((prepared) => prepared.pixels)

function gray(x: number): readonly number[] {
  return [x, x, x, 255]
}

interface Placement {
  readonly scale?: number
  readonly width?: number
  readonly height?: number
  readonly left?: number
  readonly top?: number
}

/** A picture of an image, each of its pixels as large as `scale`, in the colors that a function gives. */
function drawn(
  image: Uint8Array,
  color: (x: number) => readonly number[],
  { scale = 1, width = SIZE * scale, height = SIZE * scale, left = 0, top = 0 }: Placement = {},
): Picture {
  const data = new Uint8Array(4 * width * height)
  const colors = Array.from({ length: 256 }, (_, x) => Uint8Array.from(color(x)))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)]
      const isInside = u >= 0 && v >= 0 && u < SIZE && v < SIZE
      data.set(colors[isInside ? image[v * SIZE + u] : 0], 4 * (y * width + x))
    }
  }
  return { width, height, data }
}

/** Mean absolute difference of bytes. */
const difference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / a.length

/** How far the images come out from what they went in as, on average. */
const change = (make: (image: Uint8Array) => Picture) =>
  framed.reduce((sum, image) => sum + difference(prepare(make(image), form).pixels, image), 0) / framed.length

const between =
  (from: Color, to: Color) =>
  (x: number): readonly number[] => [...from.map((a, c) => Math.round(a + ((to[c] - a) * x) / 255)), 255]

describe('an image of the training data comes out as it went in', () => {
  test.each<[string, (image: Uint8Array) => Picture, number]>([
    ['as it is', (image) => drawn(image, gray), 1.5],
    ['dark on light', (image) => drawn(image, (x) => gray(255 - x)), 1.5],
    ['three times as large', (image) => drawn(image, gray, { scale: 3 }), 1.5],
    [
      'twenty times as large, dark on light',
      (image) => drawn(image, (x) => gray(255 - x), { scale: 20 }),
      1.5,
    ],
    ['in ink of varied strength on glass', (image) => drawn(image, (x) => [0, 0, 0, x]), 1.5],
    ['in chalk of varied strength on glass', (image) => drawn(image, (x) => [255, 255, 255, x]), 1.5],
    ['in red ink on white', (image) => drawn(image, between([255, 255, 2], [220, 0, 0])), 20],
    ['yellow on navy', (image) => drawn(image, between([10, 20, 2], [255, 240, 60])), 8],
    ['brown on cream', (image) => drawn(image, between([240, 230, 5], [60, 30, 10])), 12],
    ['in a corner', (image) => drawn(image, gray, { width: 90, height: 50, left: 60, top: 20 }), 3],
    [
      'in a corner of a large sheet',
      (image) =>
        drawn(image, (x) => gray(255 - x), { scale: 4, width: 900, height: 700, left: 11, top: 500 }),
      5,
    ],
  ])('%s', (_, make, tolerance) => {
    expect(change(make)).toBeLessThan(tolerance)
  })
})

test('a cut-out keeps the ground that it was taken from', () => {
  const dark = change((image) => drawn(image, (x) => [x, x, x, x > 0 ? 255 : 0]))
  const light = change((image) => drawn(image, (x) => [255 - x, 255 - x, 255 - x, x > 0 ? 255 : 0]))
  expect(Math.max(dark, light)).toBeLessThan(3)
})

describe('an item of its own colors on a colored ground', () => {
  const blue: Color = [30, 60, 200]
  const yellow: Color = [240, 220, 60]
  const laidOn = (ground: Color, make: (x: number) => number) => (image: Uint8Array) =>
    drawn(image, (x) => (x > 0 ? gray(make(x)) : [...ground, 255]), { scale: 4 })

  test('is taken from it, and inverted where it is light', () => {
    expect(change(laidOn(blue, (x) => x))).toBeLessThan(12)
    expect(change(laidOn(yellow, (x) => 255 - x))).toBeLessThan(12)
  })

  test('keeps the ground that it was cut from where its fringe shows that', () => {
    const disc = Uint8Array.from({ length: 784 }, (_, p) => {
      const radius = Math.sqrt(((p % 28) - 13.5) ** 2 + (Math.floor(p / 28) - 13.5) ** 2)
      return radius > 14 ? 0 : radius > 12 ? 60 : 200
    })
    expect(prepare(laidOn(yellow, (x) => x)(disc), form).isInverted).toBe(false)
    expect(prepare(laidOn(blue, (x) => 255 - x)(disc), form).isInverted).toBe(true)
  })
})

test('dust and a speck in the corner move nothing', () => {
  const dusty = (image: Uint8Array) => {
    const picture = drawn(image, gray, { scale: 8, width: 400, height: 400, left: 90, top: 100 })
    for (let p = 0; p < 160_000; p++)
      picture.data.fill(Math.max((p * 7919) % 9, picture.data[4 * p]), 4 * p, 4 * p + 3)
    picture.data.fill(200, 0, 3)
    return picture
  }
  expect(change(dusty)).toBeLessThan(12)
})

test('the aspect is kept, and what is left over is black on both sides', () => {
  const tall = drawn(new Uint8Array(784).fill(200), gray, { width: 200, height: 280, left: 90, top: 90 })
  for (let p = 0; p < 200 * 280; p++) if (p % 200 >= 104) tall.data.fill(0, 4 * p, 4 * p + 3)
  const { pixels: seen, box } = prepare(tall, form)
  expect(box).toEqual({ left: 90, top: 90, width: 14, height: 28 })
  expect([...seen.subarray(0, 28)]).toEqual([
    ...Array(7).fill(0),
    ...Array(14).fill(200),
    ...Array(7).fill(0),
  ])
})

test('MNIST has its digits in twenty pixels around their center of mass', () => {
  const digits = itemForm({ width: SIZE, height: SIZE }, { longest: 20, center: 'mass' })
  const { pixels: seen } = prepare(
    drawn(framed[0], (x) => gray(255 - x), { scale: 5 }),
    digits,
  )
  const rows = Array.from({ length: SIZE }, (_, y) => Math.max(...seen.subarray(y * SIZE, (y + 1) * SIZE)))
  const columns = Array.from({ length: SIZE }, (_, x) => Math.max(...rows.map((_, y) => seen[y * SIZE + x])))
  const extent = (lines: number[]) => lines.filter((x) => x > 12).length
  expect(Math.max(extent(rows), extent(columns))).toBeGreaterThanOrEqual(19)
  expect(Math.max(extent(rows), extent(columns))).toBeLessThanOrEqual(20)
  const total = seen.reduce((a, b) => a + b)
  const mean = (of: (p: number) => number) => seen.reduce((sum, v, p) => sum + v * (of(p) + 0.5), 0) / total
  expect(Math.abs(mean((p) => p % SIZE) - 14)).toBeLessThan(1)
  expect(Math.abs(mean((p) => Math.floor(p / SIZE)) - 14)).toBeLessThan(1)
})

test('networks of colored pictures get the whole picture at their size', () => {
  const whole: PictureForm = wholeForm({ width: 3, height: 2, channels: 3 })
  const picture = { width: 6, height: 4, data: new Uint8Array(96).map((_, i) => [10, 20, 30, 255][i % 4]) }
  expect([...prepare(picture, whole).pixels]).toEqual(Array(6).fill([10, 20, 30]).flat())
  const dark = wholeForm({ width: 1, height: 1, channels: 1 })
  expect([...prepare(picture, dark).pixels]).toEqual([18])
})

test.each<[string, Picture]>([
  ['one pixel', { width: 1, height: 1, data: Uint8Array.of(1, 2, 3, 255) }],
  ['one color', drawn(new Uint8Array(784).fill(90), gray, { scale: 2 })],
  ['nothing but glass', drawn(new Uint8Array(784), () => [9, 9, 9, 0])],
  [
    'faint noise',
    drawn(
      Uint8Array.from({ length: 784 }, (_, i) => 100 + ((i * 7919) % 10)),
      gray,
      { scale: 2 },
    ),
  ],
])('a picture of %s shows no item, and that is said', (_, picture) => {
  expect(() => prepare(picture, form)).toThrow(/expected an item that stands out from its background/)
})
