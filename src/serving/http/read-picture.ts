import { InputError } from '../../base/errors.ts'
import { decodePlainPng } from '../plain-png.ts'
import type { TrainedModel } from '../trained-model.ts'
import type { Limits } from './limits.ts'
import { Problem } from './problem.ts'

/** A picture's file at the size that a network was trained on: bytes of shape [height, width, channels]. */
export async function readPicture(
  bytes: Uint8Array,
  { imageShape: [height, width, channels] }: TrainedModel,
  { pixels }: Limits,
): Promise<Uint8Array> {
  const plain = channels === 1 ? decodePlainPng(bytes) : undefined
  if (plain?.width === width && plain.height === height) {
    const grey = greyOf(plain.data)
    if (grey !== undefined) return grey
  }
  const sharp = (await import('sharp')).default
  try {
    return await sharp(bytes, { limitInputPixels: pixels })
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: 'white' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer()
  } catch (error) {
    const received = (error as Error).message.split('\n')[0]
    if (/pixel limit/.test(received)) throw new Problem(413, `A picture may have at most ${pixels} pixels.`)
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
