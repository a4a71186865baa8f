import { InputError } from '../base/errors.ts'
import type { NamedTensor } from '../model/network.ts'

/**
 * The safetensors format: eight bytes of header length (little-endian), a JSON header that names each tensor's type,
 * shape and place, then the tensors' bytes. Here every tensor is float32; metadata are strings by name.
 */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const LARGEST_HEADER = 100_000_000 // the format's own limit

interface HeaderEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
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
  return file
}

/** Reads a safetensors file of float32 tensors; throws an InputError that names `at` where it is not one. */
export function decodeSafetensors(
  file: Uint8Array,
  at: string,
): { readonly tensors: readonly NamedTensor[]; readonly metadata: Readonly<Record<string, string>> } {
  const refuse = (expected: string, received: string): never => {
    throw new InputError({ at, expected, received, hint: 'The file may be cut short or of another kind.' })
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headLength = file.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true))
  if (!(headLength <= Math.min(file.length - 8, LARGEST_HEADER))) {
    refuse('a safetensors file', `${file.length} bytes that are not`)
  }
  const { __metadata__: metadata = {}, ...entries } = parseHeader(file.subarray(8, 8 + headLength), refuse)
  const body = file.subarray(8 + headLength)
  const tensors = Object.entries(entries as Record<string, HeaderEntry>).map(([name, entry]) => {
    const { dtype, shape, data_offsets: offsets } = entry
    if (dtype !== 'F32') refuse(`float32 in tensor "${name}"`, `${dtype}`)
    const sound =
      Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0) && Array.isArray(offsets)
    const bytes = sound ? 4 * shape.reduce((a, b) => a * b, 1) : Number.NaN
    const [from, to] = sound ? offsets : [Number.NaN, Number.NaN]
    if (!(from >= 0 && to - from === bytes && to <= body.length)) {
      refuse(`the bytes of tensor "${name}"`, 'places outside the file')
    }
    return { name, shape, values: new Float32Array(new Uint8Array(body.subarray(from, to)).buffer) }
  })
  return { tensors, metadata: metadata as Record<string, string> }
}

function parseHeader(bytes: Uint8Array, refuse: (expected: string, received: string) => never) {
  try {
    const header: unknown = JSON.parse(decoder.decode(bytes))
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>
  } catch {
    // said below
  }
  return refuse('a JSON header', 'something else')
}
