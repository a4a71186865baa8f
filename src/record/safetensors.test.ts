import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

const tensors = [
  { name: 'a/kernel', shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, 1e-30, 7) },
  { name: 'a/bias', shape: [3], values: Float32Array.of(0.1, 0.2, 0.3) },
]

describe('safetensors', () => {
  test('what is written is read again, bit for bit, from any kind of byte array', () => {
    const file = encodeSafetensors(tensors, { name: 'Über <run>' })
    for (const bytes of [file, Buffer.from(file)]) {
      expect(decodeSafetensors(bytes, 'w')).toEqual({ tensors, metadata: { name: 'Über <run>' } })
    }
  })
  test('the tensors begin on eight bytes, as the format asks', () => {
    const file = encodeSafetensors(tensors, { odd: 'x' })
    expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0)
  })
  test.each([
    ['nothing', new Uint8Array(0)],
    ['a header longer than the file', Uint8Array.of(255, 255, 0, 0, 0, 0, 0, 0, 123, 125)],
    ['no JSON', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 65, 66)],
    ['a file cut short', encodeSafetensors(tensors, {}).slice(0, -4)],
  ])('%s is refused with the file’s name', (_, bytes) => {
    expect(() => decodeSafetensors(bytes, 'best.safetensors')).toThrow(/best\.safetensors: expected/)
  })
})

/*
 * What the format forbids (its readme: "the byte buffer needs to be entirely indexed, and cannot contain holes", no duplicate
 * keys, a header that begins with a brace); Python's own loader refuses each of these files too.
 */
describe('a file that the format forbids (case 15)', () => {
  const f32 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer)
  const fileOf = (header: string, body: Uint8Array) => {
    const head = Buffer.from(header)
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(head.length))
    return Buffer.concat([length, head, body])
  }
  const entry = (from: number, to: number) => ({
    dtype: 'F32',
    shape: [(to - from) / 4],
    data_offsets: [from, to],
  })
  const open = (header: object | string, body: Uint8Array) => () =>
    decodeSafetensors(fileOf(typeof header === 'string' ? header : JSON.stringify(header), body), 'w')
  const four = f32(1, 2, 3, 4)

  test.each([
    [
      'two tensors over the same bytes',
      { a: entry(0, 16), b: entry(8, 16) },
      four,
      /bytes of its own for tensor "b"/,
    ],
    ['a hole between two', { a: entry(0, 4), b: entry(8, 16) }, four, /"b" right behind .* 4 bytes between/],
    ['a hole before the first', { a: entry(4, 16) }, four, /4 bytes between/],
    ['bytes behind the last', { a: entry(0, 12) }, four, /nothing behind the last tensor, received 4 bytes/],
    [
      'places that are no whole numbers',
      { a: entry(0.5, 16.5) },
      f32(1, 2, 3, 4, 5),
      /the bytes of tensor "a"/,
    ],
    [
      'a name twice',
      `{"a":${JSON.stringify(entry(0, 8))},"a":${JSON.stringify(entry(8, 16))}}`,
      four,
      /each name once in the header, received "a" twice/,
    ],
    ['a byte-order mark', `\ufeff${JSON.stringify({ a: entry(0, 16) })}`, four, /a JSON object/],
    ['spaces before the brace', `  ${JSON.stringify({ a: entry(0, 16) })}`, four, /a JSON object/],
    ['a list for a header', '[]', Buffer.alloc(0), /a JSON object/],
    ['metadata that are no texts', { __metadata__: { format: 1 }, a: entry(0, 16) }, four, /texts by name/],
  ])('%s is refused', (_, header, body, message) => {
    expect(open(header, body)).toThrow(message)
  })
  test('an empty tensor takes no place, and none is taken from it', () => {
    const header = {
      a: entry(0, 8),
      none: { dtype: 'F32', shape: [0, 4], data_offsets: [8, 8] },
      b: entry(8, 16),
    }
    expect(open(header, four)().tensors.map(({ values }) => [...values])).toEqual([[1, 2], [], [3, 4]])
  })
})

// oracles/safetensors_files.py opened our file with Python's safetensors, and wrote the same tensors with it.
describe('Python’s safetensors', () => {
  const oracle = (name: string) => readFileSync(new URL(`../../test/oracles/${name}`, import.meta.url))
  const metadata = { name: 'Über "<run>"', classNames: '["a","b"]' }
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)

  test('opens what we write: names, types, shapes, values, metadata', () => {
    expect(Buffer.from(encodeSafetensors(tensors, metadata))).toEqual(oracle('written.safetensors'))
    const found = JSON.parse(oracle('safetensors_files.json').toString())
    expect(found.metadata).toEqual({ ...metadata, checksum: expect.any(String) })
    const ours = tensors.map(({ values, ...rest }) => ({ ...rest, dtype: 'float32', values: [...values] }))
    expect([...found.tensors].sort(byName)).toEqual(ours.sort(byName))
  })
  test('writes what we open', () => {
    const found = decodeSafetensors(oracle('python.safetensors'), 'python.safetensors')
    expect(found.metadata).toEqual(metadata)
    expect([...found.tensors].sort(byName)).toEqual([...tensors].sort(byName))
  })
})
