import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { type Key, normals, uniforms } from '../base/random.ts'

const names = [
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
export const initializer = z.union([
  z.enum(names),
  z
    .strictObject({ kind: z.literal('uniform'), low: z.number(), high: z.number() })
    .refine(({ low, high }) => low <= high, 'low ≤ high'),
  z.strictObject({ kind: z.literal('normal'), std: z.number().nonnegative() }),
])
export type Initializer = z.infer<typeof initializer>

const variances = {
  he: (fanIn: number) => 2 / fanIn,
  glorot: (fanIn: number, fanOut: number) => 2 / (fanIn + fanOut),
  lecun: (fanIn: number) => 1 / fanIn,
}

const scaled = (numbers: Float64Array, factor: number, shift = 0) =>
  Float32Array.from(numbers, (x) => x * factor + shift)

/** Draws `count` float32 weights; `fanIn` and `fanOut` are those of the parameter. */
export function draw(
  from: Key,
  how: Initializer,
  count: number,
  fanIn: number,
  fanOut: number,
): Float32Array {
  if (how === 'zeros' || how === 'ones') return new Float32Array(count).fill(how === 'ones' ? 1 : 0)
  if (typeof how === 'object') {
    return how.kind === 'uniform'
      ? scaled(uniforms(from, count), how.high - how.low, how.low)
      : scaled(normals(from, count), how.std)
  }
  const [family, shape] = how.split('-') as [keyof typeof variances, 'uniform' | 'normal']
  const variance = variances[family](fanIn, fanOut)
  if (shape === 'normal') return scaled(normals(from, count), Math.sqrt(variance))
  const limit = Math.sqrt(3 * variance) // a uniform number in (−a, a) has variance a² / 3
  return scaled(uniforms(from, count), 2 * limit, -limit)
}

/** Reads `he-normal`, `uniform(-0.05, 0.05)` or `normal(0.1)`. */
export function parseInitializer(text: string): Initializer {
  const call = /^(uniform|normal)\(([^)]*)\)$/.exec(text.trim())
  const numbers = call?.[2].split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))) ?? []
  const [low, high] = numbers
  const wanted = call?.[1] === 'uniform' ? 2 : 1
  const parsed = initializer.safeParse(
    call === null
      ? text.trim()
      : numbers.length !== wanted
        ? undefined
        : wanted === 2
          ? { kind: 'uniform', low, high }
          : { kind: 'normal', std: low },
  )
  if (parsed.success) return parsed.data
  throw new InputError({
    at: 'initializer',
    expected: `one of ${names.join(', ')}, uniform(low, high), normal(std)`,
    received: `"${text}"`,
  })
}
