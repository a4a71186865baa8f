import { sha256 } from '@noble/hashes/sha2.js'

/** Node's own, in C, where there is Node; it gives the same as the portable one and is several times faster. */
const crypto = globalThis.process?.getBuiltinModule?.('node:crypto')

/** SHA-256, in hex, of the chunks laid end to end. */
export function sha256Hex(...chunks: readonly Uint8Array[]): string {
  return crypto === undefined ? portableSha256Hex(...chunks) : digest(crypto.createHash('sha256'), chunks)
}

/** The same without Node: for browsers. */
export function portableSha256Hex(...chunks: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const chunk of chunks) hash.update(chunk)
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

type NodeHash = ReturnType<NonNullable<typeof crypto>['createHash']>

function digest(hash: NodeHash, chunks: readonly Uint8Array[]): string {
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}

/** Whole numbers as little-endian 32-bit bytes: the same bytes, and so the same hash, on every machine. */
export function int32Bytes(numbers: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length))
  for (let i = 0; i < numbers.length; i++) view.setInt32(4 * i, numbers[i], true)
  return new Uint8Array(view.buffer)
}
