import { crc32, inflateSync } from 'node:zlib'
import type { Picture } from './picture.ts'

const SIGNATURE = 0x89504e47_0d0a1a0an
const HEADER_BYTES = 13
const IHDR = 0x49484452
/** Beyond so many pixels a general decoder, in a thread of its own, is the better place. */
export const MOST_PLAIN_PIXELS = 65_536

/** Bytes a pixel by color type: gray, RGB, palette, gray and alpha, RGB and alpha. */
const bytesPerPixel: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
/** Chunks that change what is seen, and are none of ours: profiles, orientation, animation, and what else was thought of. */
const harmless = new Set([
  'gAMA',
  'cHRM',
  'sRGB',
  'pHYs',
  'tIME',
  'tEXt',
  'zTXt',
  'iTXt',
  'bKGD',
  'sBIT',
  'hIST',
])

interface Header {
  readonly width: number
  readonly height: number
  readonly colorType: number
}

/** Whether a file begins as a PNG that `decodePlainPng` decodes, unless something else is found further on. */
export function isPlainPng(bytes: Uint8Array): boolean {
  if (bytes.length < 57) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isHeader = view.getUint32(8) === HEADER_BYTES && view.getUint32(12) === IHDR
  return view.getBigUint64(0) === SIGNATURE && isHeader && headerOf(bytes.subarray(16, 29)) !== undefined
}

/**
 * Decodes the PNG files that a program sends by the thousand: small, eight bits a channel, not interlaced, no profile
 * (W3C, "Portable Network Graphics", 3rd edition). It takes a twentieth of what a general decoder needs to begin.
 * Undefined for any other file, sound or not: the general decoder then has the word.
 */
export function decodePlainPng(bytes: Uint8Array): Picture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 57 || view.getBigUint64(0) !== SIGNATURE) return undefined
  let header: Header | undefined
  let palette: Uint8Array | undefined
  let opacity: Uint8Array | undefined
  const data: Uint8Array[] = []
  let at = 8
  for (;;) {
    if (at + 12 > bytes.length) return undefined
    const length = view.getUint32(at)
    const end = at + 8 + length
    if (end + 4 > bytes.length) return undefined
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return undefined
    const type = String.fromCharCode(bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7])
    const body = bytes.subarray(at + 8, end)
    at = end + 4
    if (header === undefined) {
      header = type === 'IHDR' ? headerOf(body) : undefined
      if (header === undefined) return undefined
    } else if (type === 'IDAT') data.push(body)
    else if (type === 'IEND') break
    else if (type === 'PLTE') palette = body
    else if (type === 'tRNS' && header.colorType === 3) opacity = body
    else if (!harmless.has(type)) return undefined
  }
  if (header.colorType === 3 && palette === undefined) return undefined
  const samples = unpack(header, data)
  return (
    samples && {
      width: header.width,
      height: header.height,
      data: colors(header, samples, palette, opacity),
    }
  )
}

function headerOf(body: Uint8Array): Header | undefined {
  if (body.length !== HEADER_BYTES) return undefined
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colorType, compression, filter, interlace] = body.subarray(8)
  const isPlain = depth === 8 && compression === 0 && filter === 0 && interlace === 0
  const isSmall = width > 0 && height > 0 && width * height <= MOST_PLAIN_PIXELS
  return isPlain && isSmall && colorType in bytesPerPixel ? { width, height, colorType } : undefined
}

/** The samples without compression and filters; undefined where they are not as many as there must be. */
function unpack({ width, height, colorType }: Header, data: readonly Uint8Array[]): Uint8Array | undefined {
  const step = bytesPerPixel[colorType]
  const row = width * step
  const length = height * (row + 1)
  let packed: Uint8Array
  try {
    packed = inflateSync(data.length === 1 ? data[0] : Buffer.concat(data), { maxOutputLength: length })
  } catch {
    return undefined
  }
  if (packed.length !== length) return undefined
  const samples = new Uint8Array(height * row)
  for (let y = 0; y < height; y++) {
    const from = y * (row + 1)
    if (!unfilter(packed[from], packed.subarray(from + 1, from + 1 + row), samples, y * row, { row, step }))
      return undefined
  }
  return samples
}

/** Undoes the filter of one row (§9): a, b and c are the bytes on the left, above, and above on the left. */
function unfilter(
  filter: number,
  line: Uint8Array,
  out: Uint8Array,
  start: number,
  { row, step }: { readonly row: number; readonly step: number },
): boolean {
  const left = (i: number) => (i < step ? 0 : out[start + i - step])
  const above = (i: number) => (start === 0 ? 0 : out[start + i - row])
  const corner = (i: number) => (start === 0 || i < step ? 0 : out[start + i - row - step])
  switch (filter) {
    case 0:
      out.set(line, start)
      return true
    case 1:
      for (let i = 0; i < row; i++) out[start + i] = line[i] + left(i)
      return true
    case 2:
      for (let i = 0; i < row; i++) out[start + i] = line[i] + above(i)
      return true
    case 3:
      for (let i = 0; i < row; i++) out[start + i] = line[i] + ((left(i) + above(i)) >> 1)
      return true
    case 4:
      for (let i = 0; i < row; i++) out[start + i] = line[i] + paeth(left(i), above(i), corner(i))
      return true
    default:
      return false
  }
}

function paeth(a: number, b: number, c: number): number {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  if (pa <= pb && pa <= pc) return a
  return pb <= pc ? b : c
}

/** Samples as red, green, blue, alpha. A number beyond the palette is black, as decoders have it. */
function colors(
  { width, height, colorType }: Header,
  samples: Uint8Array,
  palette: Uint8Array | undefined,
  opacity: Uint8Array | undefined,
): Uint8Array {
  const data = new Uint8Array(4 * width * height)
  const step = bytesPerPixel[colorType]
  const isGray = colorType === 0 || colorType === 4
  for (let p = 0, from = 0, to = 0; p < width * height; p++, from += step, to += 4) {
    if (colorType === 3) {
      const entry = samples[from]
      for (let c = 0; c < 3; c++) data[to + c] = palette?.[3 * entry + c] ?? 0
      data[to + 3] = opacity?.[entry] ?? 255
      continue
    }
    data[to] = samples[from]
    data[to + 1] = samples[isGray ? from : from + 1]
    data[to + 2] = samples[isGray ? from : from + 2]
    data[to + 3] = colorType === 4 ? samples[from + 1] : colorType === 6 ? samples[from + 3] : 255
  }
  return data
}
