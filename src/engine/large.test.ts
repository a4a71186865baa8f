import { describe, expect, test } from 'vitest'
import { FailureError, InputError } from '../base/errors.ts'
import type { Backend, Session } from './backend.ts'
import { native, nativeVariants } from './native.ts'
import { instruction, MOST_WORDS, type Plan } from './program.ts'
import { reference } from './reference/index.ts'
import { wasm } from './wasm.ts'

/** A program that reads the first words of a memory and writes its last ones: what lies between is never touched. */
function reaching(words: number): Plan {
  const x = { offset: 0, length: 4, batched: true }
  const y = { offset: Math.max(words - 4, 4), length: 4, batched: true }
  return { words, batch: 1, programs: { step: [instruction('relu', { x, y }, { size: 4 })] } }
}

/** The session, or nothing where the machine has no such memory. */
function opened(backend: Backend, plan: Plan): Session | undefined {
  try {
    return backend.open(plan, { arithmetic: 'strict', threads: 2 })
  } catch (error) {
    if (error instanceof FailureError) return undefined
    throw error
  }
}

const GIB = 2 ** 28 // words
const backends: readonly (readonly [name: string, backend: () => Backend, most: number])[] = [
  ...(nativeVariants().length > 0 ? [['native', native, MOST_WORDS] as const] : []),
  ['wasm', () => wasm, 2 ** 30 - 1],
  ['reference', () => reference, MOST_WORDS],
]

describe.each(backends)('%s', (_, backend, most) => {
  test.each([GIB, 3.5 * GIB, 4 * GIB - 16, 4 * GIB, 4.5 * GIB, 6 * GIB, 8 * GIB - 16, MOST_WORDS])(
    'a network of %d words runs to its last word, or is refused',
    (words) => {
      if (words > most) {
        expect(() => opened(backend(), reaching(words))).toThrow(InputError)
        return
      }
      const session = opened(backend(), reaching(words))
      session?.floats.set([-1, 2, -3, 4])
      session?.registers.set([1])
      session?.run('step')
      if (session) expect(Array.from(session.floats.subarray(words - 4))).toEqual([0, 2, 0, 4])
      session?.close()
    },
  )

  test.each([MOST_WORDS + 1, 16 * GIB, 2 ** 53, Number.NaN, 61.5, 0, -1])(
    'refuses a network of %d words',
    (words) => {
      expect(() => backend().open(reaching(words), { arithmetic: 'strict', threads: 1 })).toThrow(InputError)
    },
  )

  test.each([0, 1.5, Number.NaN, 2 ** 31, -1])('refuses a batch of %d', (batch) => {
    expect(() => backend().open({ ...reaching(64), batch }, { arithmetic: 'strict', threads: 1 })).toThrow(
      InputError,
    )
  })
})
