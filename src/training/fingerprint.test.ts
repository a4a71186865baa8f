import { expect, test } from 'vitest'
import { native, nativeVariants } from '../engine/native.ts'
import { reference } from '../engine/reference/index.ts'
import { wasm } from '../engine/wasm.ts'
import { fingerprint, fingerprints } from './fingerprint.ts'

test('the reference has the fingerprint that doctor prints beside a machine’s own', () => {
  expect(fingerprint({ backend: reference, arithmetic: 'strict', threads: 1 })).toBe(fingerprints.strict)
})

test('WebAssembly has the fingerprint of strict arithmetic', () => {
  expect(fingerprint({ backend: wasm, arithmetic: 'strict', threads: 1 })).toBe(fingerprints.strict)
})

test.for(nativeVariants())('native %s has both fingerprints, with one thread and with three', (variant) => {
  const backend = native(variant)
  for (const arithmetic of backend.arithmetics) {
    for (const threads of [1, 3]) {
      expect(fingerprint({ backend, arithmetic, threads })).toBe(fingerprints[arithmetic])
    }
  }
})
