import { describe, expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from './checksum.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

function* flips(file: Uint8Array) {
  for (let at = 0; at < file.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = file.slice()
      flipped[at] ^= 1 << bit
      yield { flipped, where: `bit ${bit} of byte ${at}` }
    }
  }
}

describe.each([undefined, 2])('a record as JSON, indented by %s', (indent) => {
  const record = { schemaVersion: 2, name: 'Kleidergrößen', values: [1, 2.5, null] }
  const file = encodeRecord(record, indent)

  test('is read as it was written', () => {
    const { value, checksum } = decodeRecord(file, 'r')
    expect(value).toEqual({ ...record, checksum })
    expect(checksum).toMatch(/^[0-9a-f]{64}$/)
  })

  test('is refused wherever one bit is another', () => {
    for (const { flipped, where } of flips(file))
      expect(() => decodeRecord(flipped, 'r'), where).toThrow(/^r: /)
  })
})

test('a record of version 2 needs its checksum; an older one has none', () => {
  const read = (record: object) => decodeRecord(new TextEncoder().encode(JSON.stringify(record)), 'r')
  expect(() => read({ schemaVersion: 2 })).toThrow('received one without its checksum')
  expect(read({ schemaVersion: 1 })).toEqual({ value: { schemaVersion: 1 }, checksum: undefined })
  expect(read({ a: 1 }).checksum).toBeUndefined()
})

describe('a safetensors file', () => {
  const tensors = [{ name: 'a', shape: [2], values: Float32Array.of(1, -2) }]
  const file = encodeSafetensors(tensors, { schemaVersion: '2', name: 'ö' })

  test('is read as it was written', () => {
    expect(decodeSafetensors(file, 'w')).toEqual({ tensors, metadata: { schemaVersion: '2', name: 'ö' } })
  })

  test('is refused wherever one bit is another', () => {
    for (const { flipped, where } of flips(file)) {
      expect(() => decodeSafetensors(flipped, 'w'), where).toThrow(/^w: /)
    }
  })
})
