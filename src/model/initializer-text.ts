import { InputError } from '../base/errors.ts'

/** The initializers that need no numbers. */
export const initializerNames = [
  'he-uniform',
  'he-normal',
  'glorot-uniform',
  'glorot-normal',
  'lecun-uniform',
  'lecun-normal',
  'zeros',
  'ones',
] as const

/**
 * How weights begin. The named ones draw with a variance set by the layer's size: He et al. 2015 (2 / fan-in), Glorot and
 * Bengio 2010 (2 / (fan-in + fan-out)), LeCun et al. 1998 (1 / fan-in).
 */
export type Initializer =
  | (typeof initializerNames)[number]
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly std: number }

/** What `parseInitializer` reads, as an error says it. */
export const initializerForms = `one of ${initializerNames.join(', ')}, uniform(low, high), normal(std)`

function initializerFrom(text: string): Initializer | undefined {
  const named = initializerNames.find((name) => name === text)
  if (named !== undefined) return named
  const [, kind, inner = ''] = /^(uniform|normal)\(([^)]*)\)$/.exec(text) ?? []
  const numbers = inner.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (!numbers.every(Number.isFinite)) return undefined
  const [low, high] = numbers
  if (kind === 'uniform' && numbers.length === 2 && low <= high) return { kind, low, high }
  if (kind === 'normal' && numbers.length === 1 && low >= 0) return { kind, std: low }
  return undefined
}

/** Whether a text says an initializer. */
export const isInitializer = (text: string) => initializerFrom(text.trim()) !== undefined

/** Reads `he-normal`, `uniform(-0.05, 0.05)` or `normal(0.1)`. */
export function parseInitializer(text: string): Initializer {
  const found = initializerFrom(text.trim())
  if (found !== undefined) return found
  throw new InputError({ at: 'initializer', expected: initializerForms, received: `"${text}"` })
}
