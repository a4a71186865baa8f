import { createHash } from 'node:crypto'

/** SHA-256, in hex, of the chunks laid end to end. */
export function sha256Hex(...chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}

/** Whole numbers as little-endian 32-bit bytes: the same bytes, and so the same hash, on every machine. */
export function int32Bytes(numbers: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length))
  for (let i = 0; i < numbers.length; i++) view.setInt32(4 * i, numbers[i], true)
  return new Uint8Array(view.buffer)
}
