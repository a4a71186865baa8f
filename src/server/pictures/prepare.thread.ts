import { type DecodingOptions, decodePicture } from '../../pictures/decode-picture.ts'
import type { PictureForm } from '../../pictures/form.ts'
import { prepare } from '../../pictures/prepare.ts'
import { answer } from '../threads/answer.ts'

/** What a thread does with pictures. */
const handlers = {
  /** A picture's file in a form: bytes of shape [height, width, channels]. */
  prepared: async (bytes: Uint8Array, form: PictureForm, limits: DecodingOptions) =>
    prepare(await decodePicture(bytes, { ...limits, form }), form).pixels,
}
export type PictureHandlers = typeof handlers

answer(handlers)
