import { sha256Hex } from '../base/hash.ts'
import type { NamedTensor } from '../model/network.ts'

/** SHA-256, hex, of the weights' float32 bytes (little-endian) in the model's order. */
export function hashWeights(tensors: readonly NamedTensor[]): string {
  return sha256Hex(
    ...tensors.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  )
}
