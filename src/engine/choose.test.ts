import { afterEach, expect, test, vi } from 'vitest'
import { chooseBackend, defaultThreads } from './choose.ts'
import { nativeVariants } from './native.ts'

const isBuilt = nativeVariants().length > 0

test('the fastest that is there is chosen', () => {
  const { backend, arithmetic, threads } = chooseBackend()
  expect([backend.name, arithmetic]).toEqual(isBuilt ? ['native', 'fused'] : ['wasm', 'strict'])
  expect(threads).toBe(isBuilt ? defaultThreads() : 1)
})

test('what is asked for is taken', () => {
  expect(chooseBackend({ backend: 'definition' })).toMatchObject({ arithmetic: 'strict', threads: 1 })
  expect(chooseBackend({ arithmetic: 'strict', threads: 3 })).toMatchObject({
    arithmetic: 'strict',
    threads: 3,
  })
})

test.each([
  [{ backend: 'gpu' as never }, /backend: expected .*native.*, received gpu/],
  [
    { backend: 'definition', arithmetic: 'fused' } as const,
    /arithmetic: expected strict on the definition backend/,
  ],
  [{ threads: 0 }, /threads: expected a whole number from 1 to 64, received 0/],
  [{ threads: 1.5 }, /threads/],
  [{ threads: 65 }, /threads/],
])('%o is refused', (wishes, message) => {
  expect(() => chooseBackend(wishes)).toThrow(message)
})

/** The modules as they load in another environment. */
async function elsewhere(environment: Record<string, string>): Promise<typeof import('./choose.ts')> {
  vi.resetModules()
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return import('./choose.ts')
}
afterEach(() => {
  vi.unstubAllEnvs()
})

test.runIf(isBuilt)('ATELIER_VARIANT forces a variant', async () => {
  const { chooseBackend } = await elsewhere({})
  for (const variant of nativeVariants()) {
    vi.stubEnv('ATELIER_VARIANT', variant)
    expect(chooseBackend().backend.variant).toBe(variant)
    expect(chooseBackend().arithmetic).toBe(variant === 'baseline' ? 'strict' : 'fused')
  }
  vi.stubEnv('ATELIER_VARIANT', 'mmx')
  expect(() => chooseBackend()).toThrow(/ATELIER_VARIANT: expected one of .*, received mmx/)
})

test('without the add-on WebAssembly is chosen, and asking for native says how to get it', async () => {
  const { chooseBackend } = await elsewhere({ ATELIER_ADDON: '/nowhere.node' })
  expect(chooseBackend().backend.variant).toBe('simd128')
  expect(() => chooseBackend({ backend: 'native' })).toThrow(/npm rebuild/)
})
