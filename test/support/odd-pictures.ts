import sharp from 'sharp'
import { type Key, uniforms } from '../../src/base/random.ts'

const SIZE = 28

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
