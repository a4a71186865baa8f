import { InputError } from '../base/errors.ts'
import { jsonValue, repeatedKey } from '../base/json.ts'
import type { NamedTensor } from '../model/network.ts'
import { checkChecksum, damaged, setChecksum, ZEROS } from './checksum.ts'

/**
 * The safetensors format: eight bytes of header length (little-endian), a JSON header that names each tensor's type,
 * shape and place, then the tensors' bytes. Every tensor of ours is float32; metadata are strings by name. The first of
 * them is the file's checksum: record/checksum.ts says of what.
 */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** How the header of every file of ours begins; the checksum follows. */
const BEGINNING = '{"__metadata__":{"checksum":"'
const CHECKSUM_AT = 8 + BEGINNING.length
const LARGEST_HEADER = 100_000_000 // the format's own limit

interface HeaderEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** The bytes of a safetensors file, with its checksum. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { checksum: ZEROS, ...metadata } }
  let end = 0
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] }
    end += values.byteLength
  }
  const text = JSON.stringify(header)
  const head = encoder.encode(text + ' '.repeat((8 - (encoder.encode(text).length % 8)) % 8))
  const file = new Uint8Array(8 + head.length + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true)
  file.set(head, 8)
  let start = 8 + head.length
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start)
    start += values.byteLength
  }
  setChecksum(file, CHECKSUM_AT)
  return file
}

/** A tensor of a safetensors file as it lies there. */
export interface StoredTensor {
  readonly name: string
  /** The file's word for the type of its values: F32, F16, BF16, I64… */
  readonly dtype: string
  readonly shape: readonly number[]
  /** The values, little-endian. */
  readonly bytes: Uint8Array
}

/** A safetensors file, read. */
export interface Safetensors<T> {
  readonly tensors: readonly T[]
  /** Without the checksum, which was checked. */
  readonly metadata: Readonly<Record<string, string>>
}

type Refuse = (expected: string, received: string) => never

const refusal =
  (at: string): Refuse =>
  (expected, received) => {
    throw new InputError({ at, expected, received, hint: 'The file may be cut short or of another kind.' })
  }

/** Bytes of a value of each type (the format's list of types). */
const valueBytes: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
}

/** Opens a safetensors file of tensors of any type; throws an InputError that names `at` where it is not one. */
export function openSafetensors(file: Uint8Array, at: string): Safetensors<StoredTensor> {
  const refuse = refusal(at)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headLength = file.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true))
  if (!(headLength <= Math.min(file.length - 8, LARGEST_HEADER))) {
    refuse('a safetensors file', `${file.length} bytes that are not`)
  }
  const { __metadata__: said = {}, ...entries } = parseHeader(file.subarray(8, 8 + headLength), refuse)
  if (!areTexts(said)) return refuse('texts by name in __metadata__', JSON.stringify(said))
  const { checksum, ...metadata } = said
  if (checksum !== undefined || Number(metadata.schemaVersion ?? 1) !== 1) checkOwn(file, at)
  const body = file.subarray(8 + headLength)
  const tensors = Object.entries(entries as Record<string, HeaderEntry>).map(([name, entry]) =>
    storedTensor(name, entry, body, refuse),
  )
  checkPlaces(tensors, body, refuse)
  return { tensors, metadata }
}

/** Checks a file that we wrote, since version 2, against its checksum. */
function checkOwn(file: Uint8Array, at: string): void {
  const hint =
    'It was damaged or changed afterwards. Where another program wrote it anew, take `checksum` and `schemaVersion` out of its metadata.'
  const beginning = String.fromCharCode(...file.subarray(8, CHECKSUM_AT))
  if (beginning !== BEGINNING) throw damaged(at, 'one without its checksum', hint)
  checkChecksum(file, CHECKSUM_AT, at, hint)
}

function storedTensor(name: string, entry: HeaderEntry, body: Uint8Array, refuse: Refuse): StoredTensor {
  if (typeof entry !== 'object' || entry === null) return refuse(`tensor "${name}" described`, `${entry}`)
  const { dtype, shape, data_offsets: offsets } = entry
  const size = Object.hasOwn(valueBytes, dtype) ? valueBytes[dtype] : undefined
  if (size === undefined) return refuse(`a known type in tensor "${name}"`, `${dtype}`)
  const sound =
    Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0) && Array.isArray(offsets)
  const bytes = sound ? size * shape.reduce((a, b) => a * b, 1) : Number.NaN
  const [from, to] = sound ? offsets : [Number.NaN, Number.NaN]
  const isInside = Number.isSafeInteger(from) && from >= 0 && to - from === bytes && to <= body.length
  if (!isInside) {
    refuse(`the bytes of tensor "${name}"`, 'places outside the file')
  }
  return { name, dtype, shape, bytes: body.subarray(from, to) }
}

const areTexts = (metadata: unknown): metadata is Record<string, string> =>
  typeof metadata === 'object' &&
  metadata !== null &&
  !Array.isArray(metadata) &&
  Object.values(metadata).every((text) => typeof text === 'string')

/** The tensors' bytes fill the file's body: none is shared by two, none left over (the format allows neither). */
function checkPlaces(tensors: readonly StoredTensor[], body: Uint8Array, refuse: Refuse): void {
  const inOrder = tensors
    .map(({ name, bytes }) => ({ name, from: bytes.byteOffset - body.byteOffset, length: bytes.length }))
    .sort((a, b) => a.from - b.from || a.length - b.length)
  let end = 0
  for (const { name, from, length } of inOrder) {
    if (from < end) refuse(`bytes of its own for tensor "${name}"`, 'bytes of another tensor')
    if (from > end)
      refuse(`tensor "${name}" right behind the one before it`, `${from - end} bytes between them`)
    end = from + length
  }
  if (end < body.length) refuse('nothing behind the last tensor', `${body.length - end} bytes`)
}

/** Reads a safetensors file of float32 tensors; throws an InputError that names `at` where it is not one. */
export function decodeSafetensors(file: Uint8Array, at: string): Safetensors<NamedTensor> {
  const { tensors, metadata } = openSafetensors(file, at)
  const odd = tensors.find(({ dtype }) => dtype !== 'F32')
  if (odd !== undefined) refusal(at)(`float32 in tensor "${odd.name}"`, odd.dtype)
  const named = tensors.map(({ name, shape, bytes }) => ({ name, shape, values: float32(bytes) }))
  return { tensors: named, metadata }
}

/** A copy, since the bytes in a file need not begin where a float may. */
export const float32 = (bytes: Uint8Array) => new Float32Array(new Uint8Array(bytes).buffer)

function parseHeader(bytes: Uint8Array, refuse: Refuse) {
  try {
    const text = decoder.decode(bytes)
    const header = jsonValue(text)
    const twice = repeatedKey(text)
    if (twice !== undefined) return refuse('each name once in the header', `"${twice}" twice`)
    if (text.startsWith('{')) return header as Record<string, unknown>
  } catch (error) {
    if (error instanceof InputError) throw error // said already
  }
  return refuse('a header that is a JSON object', 'something else')
}
