import sharp from 'sharp'
import { type Key, uniforms } from '../../src/base/random.ts'

const SIZE = 28

type Sharp = ReturnType<typeof sharp>

type Rgb = readonly [number, number, number]
/** The colors of a pixel of a value, and of what lies around the image. */
type Ink = (value: number) => readonly [...Rgb, alpha: number]

const between =
  (ground: Rgb, figure: Rgb): Ink =>
  (value) => {
    const [r, g, b] = ground.map((from, c) => Math.round(from + ((figure[c] - from) * value) / 255))
    return [r, g, b, 255]
  }

/** An image of gray values laid over a colored ground where it is nothing. */
const laidOn =
  (ground: Rgb): Ink =>
  (value) =>
    value === 0 ? [...ground, 255] : [value, value, value, 255]

/** Ways in which people hold and photograph what the training data show bright on black. */
const inks: Readonly<Record<string, Ink>> = {
  'as it is': between([0, 0, 0], [255, 255, 255]),
  inverted: between([255, 255, 255], [0, 0, 0]),
  'dark on glass': (value) => [0, 0, 0, value],
  'light on glass': (value) => [255, 255, 255, value],
  'cut out': (value) => [value, value, value, value === 0 ? 0 : 255],
  'white on blue': between([60, 90, 200], [255, 255, 255]),
  'yellow on navy': between([10, 20, 90], [255, 240, 60]),
  'brown on cream': between([240, 230, 200], [70, 40, 20]),
  'black on green': between([120, 200, 120], [0, 0, 0]),
  'gray on green': laidOn([40, 180, 60]),
  'gray on blue': laidOn([30, 60, 200]),
}

/** The names of all ways. */
export const oddWays = Object.keys(inks)

/** A file of an image in an odd way: scaled by 1 to 20, on some ground, perhaps off-center on a larger sheet, as PNG or JPEG. */
export async function oddPicture(image: Uint8Array, way: string, key: Key): Promise<Uint8Array> {
  const dice = uniforms(key, 6)
  const scale = 1 + Math.floor(20 * dice[0] ** 3) // all of 1 to 20, the large ones seldom: they take their time
  const ink = inks[way]
  const data = Uint8Array.from([...image].flatMap((value) => ink(value)))
  const kernel = dice[1] < 0.3 ? 'nearest' : dice[1] < 0.6 ? 'cubic' : 'lanczos3'
  const [r, g, b, alpha] = ink(0)
  const large = await sharp(data, { raw: { width: SIZE, height: SIZE, channels: 4 } })
    .resize(SIZE * scale, SIZE * scale, { kernel })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const room = dice[2] < 0.5 ? 0 : SIZE * scale
  const [left, top] = [Math.round(dice[3] * room), Math.round(dice[4] * room)]
  const sheet = sharp(large).extend({
    ...{ left, right: room - left, top, bottom: Math.round(room / 2) },
    background: { r, g, b, alpha: alpha / 255 },
  })
  const isGlass = alpha < 255
  return dice[5] < 0.5 || isGlass
    ? sheet.png({ compressionLevel: 1 }).toBuffer()
    : sheet.jpeg({ quality: 85 }).toBuffer()
}

const WIDTH = 60
const HEIGHT = 40

/** A blue spot, darker towards its rim, on a yellow ground with a red stripe; what is `alpha` at each pixel is told. */
function spot(alpha: (x: number, y: number) => number = () => 255): Sharp {
  const data = Uint8Array.from({ length: 4 * WIDTH * HEIGHT }, (_, i) => {
    const [p, c] = [i >> 2, i & 3]
    const [x, y] = [p % WIDTH, Math.floor(p / WIDTH)]
    if (c === 3) return alpha(x, y)
    const far = Math.sqrt((x - 24) ** 2 + (y - 22) ** 2)
    const color = far < 14 ? [20, 60, 220 - 8 * far] : y === 2 ? [200, 30, 30] : [240, 220, 90]
    return color[c]
  })
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
}
const opaque = () => spot().removeAlpha()
const gray = () => opaque().toColorspace('b-w')
const onSpot = (x: number, y: number) => Math.sqrt((x - 24) ** 2 + (y - 22) ** 2)

/** The upright picture as a camera would store it under an orientation mark (EXIF 2.3, tag 274). */
async function turned(orientation: number): Promise<Uint8Array> {
  const { data } = await opaque().raw().toBuffer({ resolveWithObject: true })
  const isSideways = orientation >= 5
  const [width, height] = isSideways ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]
  const [right, bottom] = [WIDTH - 1, HEIGHT - 1]
  /** Where the pixel of the upright picture lies in what is stored. */
  const places: readonly ((x: number, y: number) => readonly [number, number])[] = [
    (x, y) => [x, y],
    (x, y) => [right - x, y],
    (x, y) => [right - x, bottom - y],
    (x, y) => [x, bottom - y],
    (x, y) => [y, x],
    (x, y) => [y, right - x],
    (x, y) => [bottom - y, right - x],
    (x, y) => [bottom - y, x],
  ]
  const stored = new Uint8Array(data.length)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const [u, v] = places[orientation - 1](x, y)
      const from = 3 * (y * WIDTH + x)
      stored.set(data.subarray(from, from + 3), 3 * (v * width + u))
    }
  return sharp(stored, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer()
}

/** A file of every kind of picture that people have. */
export const pictureKinds: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  opaque: () => opaque().png().toBuffer(),
  'opaque, interlaced': () => opaque().png({ progressive: true }).toBuffer(),
  'opaque WebP': () => opaque().webp({ lossless: true }).toBuffer(),
  JPEG: () => opaque().jpeg().toBuffer(),
  'half transparent': () =>
    spot((x, y) => Math.max(0, 255 - 12 * onSpot(x, y)))
      .png()
      .toBuffer(),
  'with a hole': () =>
    spot((x, y) => (onSpot(x, y) < 16 ? 255 : 0))
      .png()
      .toBuffer(),
  'wholly transparent': () =>
    spot(() => 0)
      .png()
      .toBuffer(),
  gray: () => gray().png().toBuffer(),
  'gray JPEG': () => gray().jpeg().toBuffer(),
  'gray with alpha': () =>
    spot((x, y) => (onSpot(x, y) < 16 ? 255 : 40))
      .toColorspace('b-w')
      .png()
      .toBuffer(),
  palette: () => opaque().png({ palette: true, colours: 16 }).toBuffer(),
  'palette with a hole': () =>
    spot((x, y) => (onSpot(x, y) < 16 ? 255 : 0))
      .png({ palette: true, colours: 16 })
      .toBuffer(),
  '16 bit': () => opaque().toColorspace('rgb16').png().toBuffer(),
  '16 bit gray': () => opaque().toColorspace('grey16').png().toBuffer(),
  CMYK: () => opaque().toColorspace('cmyk').jpeg().toBuffer(),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((mark) => [`EXIF ${mark}`, () => turned(mark)])),
  '48×12000': () => opaque().resize(48, 12_000, { fit: 'fill', kernel: 'nearest' }).png().toBuffer(),
  '12000×48 JPEG': () => opaque().resize(12_000, 48, { fit: 'fill', kernel: 'nearest' }).jpeg().toBuffer(),
  '1200×900 JPEG': () => opaque().resize(1200, 900, { fit: 'fill' }).jpeg().toBuffer(),
  'large and half transparent': () =>
    spot((x, y) => Math.max(0, 255 - 12 * onSpot(x, y)))
      .resize(600, 400, { fit: 'fill' })
      .png()
      .toBuffer(),
  '1×1': () => opaque().resize(1, 1).png().toBuffer(),
  animated: async () => {
    const frames = await Promise.all([opaque().png().toBuffer(), opaque().negate().png().toBuffer()])
    return sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
  },
}
