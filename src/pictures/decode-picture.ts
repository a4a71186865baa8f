import { InputError } from '../base/errors.ts'
import { decodedSize } from './decoded-size.ts'
import type { PictureForm } from './form.ts'
import type { Picture } from './picture.ts'
import { decodePlainPng } from './plain-png.ts'

/** What decoding may cost. */
export interface DecodingLimits {
  /** Of the picture, as its header says, before it is unpacked. */
  readonly pixels: number
  readonly seconds: number
}

export const defaultDecodingLimits: DecodingLimits = { pixels: 50_000_000, seconds: 30 }

/** What decoding may cost, and what the picture is wanted for. */
export interface DecodingOptions extends Partial<DecodingLimits> {
  /** The form that `prepare` will bring it to: `predictor.form`. */
  readonly form?: PictureForm
}

/** A picture beyond the limit of pixels. */
export class TooManyPixelsError extends InputError {
  override readonly name = 'TooManyPixelsError'
}

/** What the files that are decoded have at which byte: pictures of pixels. Drawings and documents, which may name other files, are none. */
const beginnings: readonly (readonly (readonly [offset: number, text: string])[])[] = [
  [[0, '\x89PNG\r\n\x1a\n']],
  [[0, '\xff\xd8\xff']],
  [[0, 'GIF87a']],
  [[0, 'GIF89a']],
  [
    [0, 'RIFF'],
    [8, 'WEBP'],
  ],
  [[0, 'II*\0']],
  [[0, 'MM\0*']],
  [
    [0, '\0\0\0'],
    [4, 'ftypavif'],
  ],
]

function checkKind(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (beginnings.some((marks) => marks.every(([offset, text]) => head.startsWith(text, offset)))) return
  throw new InputError({
    at: 'picture',
    expected: 'a PNG, JPEG, WebP, GIF, TIFF or AVIF file',
    received: bytes.length === 0 ? 'no bytes at all' : kindOf(head),
  })
}

/** What a file seems to be that is no picture of pixels. */
function kindOf(head: string): string {
  if (/^\s*(<\?xml|<svg|<!)/i.test(head))
    return 'XML (a drawing such as SVG may name other files: export it as PNG)'
  return /^[\t\n\r\x20-\x7e]*$/.test(head) ? 'text' : 'something else'
}

/**
 * Decodes the file of a picture: upright, in sRGB, the first frame where it moves, and a large one shrunk to what its form
 * needs (`decodedSize`), as training pictures are. Nothing else is opened, whatever the file names. Throws an InputError that
 * says what is wrong with it, a TooManyPixelsError before anything is unpacked.
 */
export async function decodePicture(
  bytes: Uint8Array,
  { form, ...limits }: DecodingOptions = {},
): Promise<Picture> {
  const plain = decodePlainPng(bytes)
  if (plain !== undefined) return plain
  checkKind(bytes)
  const { pixels, seconds } = { ...defaultDecodingLimits, ...limits }
  const sharp = (await import('sharp')).default
  try {
    const file = sharp(bytes, { limitInputPixels: pixels, pages: 1 })
    const { autoOrient } = await file.metadata() // as the camera's orientation mark says
    if (autoOrient.width * autoOrient.height > pixels) throw new Error('Input image exceeds pixel limit')
    const { width, height } = decodedSize(autoOrient, form)
    const { data, info } = await file
      .autoOrient()
      .resize(width, height, { fit: 'fill', kernel: 'linear' })
      .toColorspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .timeout({ seconds: Math.ceil(seconds) })
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, data }
  } catch (error) {
    throw asInputError(error as Error, pixels)
  }
}

function asInputError(cause: Error, pixels: number): InputError {
  const received = cause.message.split('\n')[0]
  if (/pixel limit|too many pixels|image size/i.test(received)) {
    const expected = `at most ${pixels.toLocaleString('en-US')} pixels`
    return new TooManyPixelsError({ at: 'picture', expected, received: 'more' }, { cause })
  }
  return new InputError({ at: 'picture', expected: 'a whole picture', received }, { cause })
}
