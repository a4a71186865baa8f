import type { Metadata, Sharp } from 'sharp'
import { InputError } from '../base/errors.ts'
import { decodedSize } from './decoded-size.ts'
import { decoder } from './decoder.ts'
import { decodingNeed } from './decoding-need.ts'
import type { PictureForm } from './form.ts'
import { memoryGate } from './memory-gate.ts'
import type { Picture, Size } from './picture.ts'
import { decodePlainPng, isPlainPng, MOST_PLAIN_PIXELS } from './plain-png.ts'

/** What decoding may cost. */
export interface DecodingLimits {
  /** Of the picture, as its header says, before it is unpacked. */
  readonly pixels: number
  /** Along either side. */
  readonly side: number
  /** Bytes that its decoder may take: a progressive JPEG or an AVIF file needs many times as much as a plain one. */
  readonly memory: number
  readonly seconds: number
}

export const defaultDecodingLimits: DecodingLimits = {
  pixels: 50_000_000,
  side: 32_768,
  memory: 64 * 2 ** 20,
  seconds: 30,
}

/** What decoding may cost, and what the picture is wanted for. */
export interface DecodingOptions extends Partial<DecodingLimits> {
  /** The form that `prepare` will bring it to: `predictor.form`. */
  readonly form?: PictureForm
}

/** A picture beyond the limit of pixels, of a side's length or of memory. */
export class TooLargePictureError extends InputError {
  override readonly name = 'TooLargePictureError'
}

/**
 * Whatever asks for pictures in this process, their decoders together take so much memory and no more; one that needs more
 * is decoded alone. What is given back is scattered: a process grows by more than it holds at any time.
 */
const gate = memoryGate(48 * 2 ** 20)

/** Bytes a pixel of what is decoded: colors and opacity, and what `prepare` makes of them. */
const RESULT = 32
/** Bytes for the largest plain PNG. */
const PLAIN = RESULT * MOST_PLAIN_PIXELS

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

/** Whether a WebP file moves, by the flags of its extended header: each frame is then decoded beside the canvas. */
const isAnimatedWebp = (bytes: Uint8Array) =>
  Buffer.from(bytes.subarray(8, 16)).toString('latin1') === 'WEBPVP8X' && (bytes[20] & 0x02) !== 0

/** What a file seems to be that is no picture of pixels. */
function kindOf(head: string): string {
  if (/^\s*(<\?xml|<svg|<!)/i.test(head))
    return 'XML (a drawing such as SVG may name other files: export it as PNG)'
  return /^[\t\n\r\x20-\x7e]*$/.test(head) ? 'text' : 'something else'
}

/** A picture's file that is about to be decoded. */
interface Opened {
  readonly file: Sharp
  /** The size in which it is decoded. */
  readonly size: Size
  /** Bytes of memory that this takes. */
  readonly need: number
}

/**
 * Decodes the file of a picture: upright, in sRGB, the first frame where it moves, and a large one shrunk to what its form
 * needs (`decodedSize`), as training pictures are. Nothing else is opened, whatever the file names. Waits while others take
 * the memory that it needs. Throws an InputError that says what is wrong with it, a TooLargePictureError before anything is
 * unpacked.
 */
export async function decodePicture(
  bytes: Uint8Array,
  { form, ...given }: DecodingOptions = {},
): Promise<Picture> {
  const plain = decodePlainPng(bytes)
  if (plain !== undefined) return plain
  const limits = { ...defaultDecodingLimits, ...given }
  try {
    const { file, size, need } = await open(bytes, form, limits)
    return await gate.run(need, () => unpack(file, size, limits.seconds))
  } catch (error) {
    throw asInputError(error as Error, limits)
  }
}

/** Bytes of memory that `decodePicture` takes for a file. Throws as it does where the header tells that it would. */
export async function memoryToDecode(
  bytes: Uint8Array,
  { form, ...given }: DecodingOptions = {},
): Promise<number> {
  if (isPlainPng(bytes)) return PLAIN
  const limits = { ...defaultDecodingLimits, ...given }
  try {
    return (await open(bytes, form, limits)).need
  } catch (error) {
    throw asInputError(error as Error, limits)
  }
}

/** Looks at the header: is it a picture, and not too large? */
async function open(
  bytes: Uint8Array,
  form: PictureForm | undefined,
  limits: DecodingLimits,
): Promise<Opened> {
  checkKind(bytes)
  const sharp = await decoder()
  const file = sharp(bytes, { limitInputPixels: limits.pixels, pages: 1 })
  const header = await file.metadata()
  const decoding = decodingNeed(header, isAnimatedWebp(bytes))
  checkSize(header, decoding, limits)
  const size = decodedSize(header.autoOrient, form) // upright, as the camera's orientation mark says
  return { file, size, need: decoding + RESULT * size.width * size.height }
}

async function unpack(file: Sharp, { width, height }: Size, seconds: number): Promise<Picture> {
  const { data, info } = await file
    .autoOrient()
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .toColorspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .timeout({ seconds: Math.ceil(seconds) })
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

function checkSize(header: Metadata, need: number, { pixels, side, memory }: DecodingLimits): void {
  const { width, height, isProgressive } = header
  const kind = `${isProgressive ? 'progressive ' : ''}${header.mediaType?.replace(/^image\//, '').toUpperCase()}`
  const received = `a ${kind} of ${width}×${height}`
  if (width > side || height > side)
    throw tooLarge(`at most ${side.toLocaleString('en-US')} pixels along each side`, received)
  if (width * height > pixels) throw tooManyPixels(pixels, received)
  if (need <= memory) return
  const mebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  throw tooLarge(
    `a picture that is decoded in ${mebibytes(memory)} MiB of memory`,
    `${received}, which takes up to ${mebibytes(need)}`,
    'Save it smaller, or as a JPEG that is not progressive.',
  )
}

const tooLarge = (expected: string, received: string, hint?: string, cause?: unknown) =>
  new TooLargePictureError({ at: 'picture', expected, received, ...(hint && { hint }) }, { cause })

const tooManyPixels = (most: number, received: string, cause?: unknown) =>
  tooLarge(`at most ${most.toLocaleString('en-US')} pixels`, received, undefined, cause)

function asInputError(cause: Error, { pixels }: DecodingLimits): InputError {
  if (cause instanceof InputError) return cause
  const received = cause.message.split('\n')[0]
  if (/pixel limit|too many pixels|image size/i.test(received)) return tooManyPixels(pixels, 'more', cause)
  return new InputError({ at: 'picture', expected: 'a whole picture', received }, { cause })
}
