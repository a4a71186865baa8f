import type { Metadata } from 'sharp'

/** What of a picture's header decides how much memory its decoder takes. */
export type CodedPicture = Pick<
  Metadata,
  'format' | 'width' | 'height' | 'channels' | 'depth' | 'isProgressive' | 'chromaSubsampling'
>

/** Of any decoder: its tables, and threads to scale and convert with. */
const LEAST = 8 * 2 ** 20
/** Rows that are held at once where a file is decoded from top to bottom. */
const ROWS = 1200
/** JPEG shrinks as it is decoded, up to so many times: what is held are rows of the shrunk picture. */
const SHRUNK = 8
/** JPEG codes blocks of eight by eight, of which colors may share one where luma has two by two. */
const BLOCK = 16

const sampleBytes: Readonly<Record<string, number>> = {
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
}

/**
 * The bytes of memory that decoding a picture may take, by its header. A decoder that goes from top to bottom holds some
 * rows; the others hold the whole picture: all coefficients of a progressive JPEG, the pixels of an interlaced PNG, the
 * canvas of a GIF, the one strip that a TIFF file may consist of. What each takes a pixel was measured as the peak of the
 * resident memory of a process (libvips 8.18), and is rounded up: `decoding-memory.test.ts` measures again.
 */
export const decodingNeed = (picture: CodedPicture, isAnimated = false): number =>
  LEAST + ownNeed(picture, isAnimated)

function ownNeed(picture: CodedPicture, isAnimated: boolean): number {
  const { format, width, height, channels, depth, isProgressive } = picture
  const pixels = width * height
  const pixelBytes = channels * (sampleBytes[depth] ?? 1)
  const rows = width * Math.min(height, ROWS) * pixelBytes
  switch (format) {
    case 'jpeg':
      return rows / SHRUNK + (isProgressive ? coefficientBytes(picture) : 0)
    case 'png':
      return rows + (isProgressive ? pixels * pixelBytes : 0)
    case 'tiff':
      return rows + pixels * pixelBytes
    case 'gif':
      return 5.5 * pixels
    case 'webp':
      return (isAnimated ? 12 : 4.5) * pixels
    default: // AVIF, by the reference decoder of AV1, which keeps several frames of sixteen bits a sample
      return 27 * pixels
  }
}

/** Two bytes a sample, in whole blocks. */
function coefficientBytes({ width, height, channels, chromaSubsampling }: CodedPicture): number {
  const samples = chromaSubsampling === '4:2:0' ? 1.5 : channels
  const blocks = Math.ceil(width / BLOCK) * Math.ceil(height / BLOCK)
  return 2 * samples * BLOCK * BLOCK * blocks
}
