import { InputError } from '../../base/errors.ts'
import type { TrainedModel } from '../trained-model.ts'
import type { Limits } from './limits.ts'
import { Problem } from './problem.ts'

/** A picture's file at the size that a network was trained on: bytes of shape [height, width, channels]. */
export async function readPicture(
  bytes: Uint8Array,
  { imageShape: [height, width, channels] }: TrainedModel,
  { pixels }: Limits,
): Promise<Uint8Array> {
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
