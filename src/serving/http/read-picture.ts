import { InputError } from '../../base/errors.ts'
import { decodePlainPng } from '../plain-png.ts'
import type { TrainedModel } from '../trained-model.ts'
import type { Limits } from './limits.ts'
import { Problem } from './problem.ts'

/** How the files begin that are decoded: pictures of pixels. Drawings and documents, which may name other files, are none. */
const beginnings: readonly (readonly [offset: number, text: string])[] = [
  [0, '\x89PNG\r\n\x1a\n'],
  [0, '\xff\xd8\xff'],
  [0, 'GIF87a'],
  [0, 'GIF89a'],
  [8, 'WEBP'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [4, 'ftypavif'],
]

function checkKind(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (beginnings.some(([offset, text]) => head.startsWith(text, offset))) return
  throw new InputError({
    at: 'picture',
    expected: 'a PNG, JPEG, WebP, GIF, TIFF or AVIF file',
    received: 'something else',
  })
}

/** A picture's file at the size that a network was trained on: bytes of shape [height, width, channels]. */
export async function readPicture(
  bytes: Uint8Array,
  { imageShape: [height, width, channels] }: TrainedModel,
  { pixels, seconds }: Limits,
): Promise<Uint8Array> {
  const plain = channels === 1 ? decodePlainPng(bytes) : undefined
  if (plain?.width === width && plain.height === height) {
    const grey = greyOf(plain.data)
    if (grey !== undefined) return grey
  }
  checkKind(bytes)
  const sharp = (await import('sharp')).default
  try {
    return await sharp(bytes, { limitInputPixels: pixels })
      .rotate() // as the camera's orientation mark says
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: 'white' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .timeout({ seconds: Math.ceil(seconds) })
      .toBuffer()
  } catch (error) {
    const received = (error as Error).message.split('\n')[0]
    if (/pixel limit/.test(received)) {
      throw new Problem(413, `A picture may have at most ${pixels.toLocaleString('en-US')} pixels.`)
    }
    throw new InputError({ at: 'picture', expected: 'a picture', received }, { cause: error })
  }
}

/** One byte a pixel of an opaque grey picture; undefined where there is colour in it, or one sees through. */
function greyOf(data: Uint8Array): Uint8Array | undefined {
  const grey = new Uint8Array(data.length / 4)
  for (let p = 0, at = 0; p < grey.length; p++, at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2] || data[at + 3] !== 255) return undefined
    grey[p] = data[at]
  }
  return grey
}
