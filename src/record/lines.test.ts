import { describe, expect, test } from 'vitest'
import { decodeLines, encodeLines, type Line } from './lines.ts'

const values = [{ event: 'first' }, { event: 'second', text: 'a " and a \u2028' }, { event: 'third' }]
const { text } = encodeLines(values, 'seed')
const bytes = new TextEncoder().encode(text)
/** All lines of a file, and the warnings. */
function all(file: Uint8Array, seed: string | undefined) {
  const lines: Line[] = []
  const stream = decodeLines(file, 'e', seed)
  let next = stream.next()
  for (; !next.done; next = stream.next()) lines.push(next.value)
  return { lines, warnings: next.value }
}
const read = (file: Uint8Array, seed = 'seed') => all(file, seed)
const valuesOf = (file: Uint8Array, seed?: string) =>
  read(file, seed).lines.map(({ value }) => ({ ...(value as object), checksum: undefined }))

describe('lines with checksums', () => {
  test('are read as they were written', () => {
    expect(valuesOf(bytes)).toEqual(values)
    expect(read(bytes).warnings).toEqual([])
    expect(read(new Uint8Array())).toEqual({ lines: [], warnings: [] })
  })

  test('whose last has no end are read up to there, with a warning', () => {
    const lines = text.split('\n')
    const start = text.lastIndexOf('\n', text.length - 2) + 1
    for (const length of [1, 10, lines[2].length]) {
      const found = read(bytes.subarray(0, new TextEncoder().encode(text.slice(0, start)).length + length))
      expect(found.lines).toHaveLength(2)
      expect(found.warnings).toEqual(['e: the last line is torn and was left out.'])
    }
  })

  test('are refused wherever one bit of a whole line is another', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = bytes.slice()
        flipped[at] ^= 1 << bit
        expect(() => read(flipped), `bit ${bit} of byte ${at}`).toThrow()
      }
    }
  })

  test('are refused where one is missing, moved, repeated, or of another record', () => {
    const [first, second, third] = text.split('\n')
    for (const lines of [[first, third], [second, first, third], [first, first, second], [second]]) {
      expect(() => read(new TextEncoder().encode(`${lines.join('\n')}\n`))).toThrow(/another checksum/)
    }
    expect(() => read(bytes, 'another')).toThrow('e: line 1: expected the file as it was written')
  })

  test('of version 1 have none: a torn last line is left out, a wrong one named', () => {
    const old = (file: string) => all(new TextEncoder().encode(file), undefined)
    expect(old('{"a":1}\n{"a":').lines).toEqual([{ value: { a: 1 }, at: 'e: line 1' }])
    expect(() => old('{"a":1}\nnonsense\n')).toThrow(/e: line 2: expected JSON/)
    expect(() => old('{"a":1}\n\n{"a":1}\n')).toThrow(/e: line 2: expected JSON, received nothing/)
  })
})
