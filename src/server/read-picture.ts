import { decodePicture, TooLargePictureError } from '../pictures/decode-picture.ts'
import { prepare } from '../pictures/prepare.ts'
import type { TrainedModel } from '../recognition/trained-model.ts'
import type { Limits } from './limits.ts'
import { Problem } from './problem.ts'

/** A picture's file in the form of a network's training data: bytes of shape [height, width, channels]. */
export async function readPicture(
  bytes: Uint8Array,
  { form }: Pick<TrainedModel, 'form'>,
  limits: Pick<Limits, 'pixels' | 'seconds'>,
): Promise<Uint8Array> {
  try {
    const { pixels, seconds } = limits
    return prepare(await decodePicture(bytes, { form, pixels, seconds }), form).pixels
  } catch (error) {
    if (!(error instanceof TooLargePictureError)) throw error
    throw new Problem(413, error.message, { ...error.parts, cause: error })
  }
}
