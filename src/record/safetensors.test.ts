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

// oracles/safetensors_files.py opened our file with Python's safetensors, and wrote the same tensors with it.
describe('Python’s safetensors', () => {
  const oracle = (name: string) => readFileSync(new URL(`../../test/oracles/${name}`, import.meta.url))
  const metadata = { name: 'Über "<run>"', classNames: '["a","b"]' }
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)

  test('opens what we write: names, types, shapes, values, metadata', () => {
    expect(Buffer.from(encodeSafetensors(tensors, metadata))).toEqual(oracle('written.safetensors'))
    const found = JSON.parse(oracle('safetensors_files.json').toString())
    expect(found.metadata).toEqual(metadata)
    const ours = tensors.map(({ values, ...rest }) => ({ ...rest, dtype: 'float32', values: [...values] }))
    expect([...found.tensors].sort(byName)).toEqual(ours.sort(byName))
  })
  test('writes what we open', () => {
    const found = decodeSafetensors(oracle('python.safetensors'), 'python.safetensors')
    expect(found.metadata).toEqual(metadata)
    expect([...found.tensors].sort(byName)).toEqual([...tensors].sort(byName))
  })
})
