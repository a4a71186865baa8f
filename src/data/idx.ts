import { InputError, ShapeError } from '../base/errors.ts'
import type { Images } from './dataset.ts'

/**
 * IDX, the format of MNIST: a big-endian magic number (0, 0, type, dimensions), one 32-bit size a dimension, then
 * the values, last dimension fastest. Here type is always 8 (unsigned bytes).
 */
const IMAGES = 0x803
const LABELS = 0x801

const meanings: Readonly<Record<number, string>> = { [IMAGES]: 'images', [LABELS]: 'labels' }

/** Images from the bytes of an IDX file; `at` names the file in errors. */
export function parseIdxImages(bytes: Uint8Array, at: string): Images {
  const [count, height, width] = header(bytes, IMAGES, at)
  if (height === 0 || width === 0)
    throw new InputError({ at, expected: 'images with pixels', received: `${height}×${width}` })
  return { count, height, width, channels: 1, pixels: body(bytes, [count, height, width], at) }
}

/** Labels from the bytes of an IDX file; `at` names the file in errors. */
export function parseIdxLabels(bytes: Uint8Array, at: string): Uint8Array {
  return body(bytes, header(bytes, LABELS, at), at)
}

/** The bytes of an IDX file of gray images. */
export function writeIdxImages({ count, height, width, channels, pixels }: Images): Uint8Array {
  if (channels !== 1) throw new ShapeError({ at: 'IDX', expected: '1 channel', received: `${channels}` })
  return write(IMAGES, [count, height, width], pixels)
}

/** The bytes of an IDX file of labels. */
export function writeIdxLabels(labels: Uint8Array): Uint8Array {
  return write(LABELS, [labels.length], labels)
}

function header(bytes: Uint8Array, magic: number, at: string): number[] {
  const dimensions = magic & 0xff
  const length = 4 + 4 * dimensions
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = bytes.length < 4 ? undefined : view.getUint32(0)
  if (found !== undefined && found !== magic) throw wrongMagic(found, magic, at)
  if (bytes.length < length) throw wrongLength(`at least ${length} bytes`, bytes.length, at)
  return Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d))
}

function body(bytes: Uint8Array, sizes: readonly number[], at: string): Uint8Array {
  const offset = 4 + 4 * sizes.length
  const length = offset + sizes.reduce((product, size) => product * size, 1)
  if (bytes.length !== length)
    throw wrongLength(`${length} bytes, as its header says (${sizes.join('×')})`, bytes.length, at)
  return bytes.subarray(offset)
}

function write(magic: number, sizes: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  for (const [d, size] of sizes.entries()) view.setUint32(4 + 4 * d, size)
  bytes.set(values, 4 + 4 * sizes.length)
  return bytes
}

function wrongMagic(found: number, magic: number, at: string): InputError {
  const [came, wanted] = [meanings[found], meanings[magic]]
  return new InputError({
    at,
    expected: `IDX ${wanted} (magic number ${hex(magic)})`,
    received: came === undefined ? hex(found) : `IDX ${came} (${hex(found)})`,
    hint:
      came === undefined
        ? 'It is no IDX file of unsigned bytes.'
        : 'The files of images and labels may have been exchanged.',
  })
}

function wrongLength(expected: string, received: number, at: string): InputError {
  return new InputError({
    at,
    expected,
    received: `${received} bytes`,
    hint: 'The file is damaged or was cut short; fetch it again.',
  })
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`
}
