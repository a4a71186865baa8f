import { InputError } from '../../base/errors.ts'
import type { NamedTensor } from '../../model/network.ts'
import { float32, type StoredTensor } from '../../record/safetensors.ts'

/** IEEE 754 binary16: sign, five bits of exponent, ten of fraction; every value of it is one of float32. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff]
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const view = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength)

const each = (bytes: Uint8Array, size: number, read: (at: number) => number) =>
  Float32Array.from({ length: bytes.length / size }, (_, i) => read(i * size))

/** The floating-point types of safetensors as float32; only the widest of them is rounded. A new type is a row. */
const readers: Readonly<Record<string, (bytes: Uint8Array) => Float32Array>> = {
  F32: float32,
  F64: (bytes) => each(bytes, 8, (at) => view(bytes).getFloat64(at, true)),
  F16: (bytes) => each(bytes, 2, (at) => half(view(bytes).getUint16(at, true))),
  // bfloat16 is the upper half of a float32
  BF16: (bytes) =>
    float32(
      Uint8Array.from({ length: 2 * bytes.length }, (_, i) => (i & 2 ? bytes[(i >> 2) * 2 + (i & 1)] : 0)),
    ),
}

/** A stored tensor in float32; throws an InputError where its type is none of floats, or a value is not finite. */
export function toFloats({ name, dtype, shape, bytes }: StoredTensor, at: string): NamedTensor {
  const read = Object.hasOwn(readers, dtype) ? readers[dtype] : undefined
  const where = `${at}: ${name}`
  if (read === undefined) {
    throw new InputError({
      at: where,
      expected: `one of ${Object.keys(readers).join(', ')}`,
      received: dtype,
    })
  }
  const values = read(bytes)
  const odd = values.find((value) => !Number.isFinite(value))
  if (odd === undefined) return { name, shape, values }
  throw new InputError({ at: where, expected: 'finite weights', received: `${odd}` })
}
