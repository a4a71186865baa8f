import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { portableSha256Hex, sha256Hex } from './hash.ts'

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) % 256)

test.each([0, 1, 55, 56, 63, 64, 65, 1000])(
  'SHA-256 of %i bytes is the same with Node and without',
  (length) => {
    const chunks = [bytes.subarray(0, length >> 1), bytes.subarray(length >> 1, length)]
    const known = createHash('sha256').update(bytes.subarray(0, length)).digest('hex')
    expect(sha256Hex(...chunks)).toBe(known)
    expect(portableSha256Hex(...chunks)).toBe(known)
  },
)
