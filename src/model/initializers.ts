import { z } from 'zod'
import { type Key, normals, uniforms } from '../base/random.ts'
import { type Initializer, initializerNames } from './initializer-text.ts'

/** The check of an initializer. */
export const initializer: z.ZodType<Initializer, Initializer> = z.union([
  z.enum(initializerNames),
  z
    .strictObject({ kind: z.literal('uniform'), low: z.number(), high: z.number() })
    .refine(({ low, high }) => low <= high, 'low ≤ high'),
  z.strictObject({ kind: z.literal('normal'), std: z.number().nonnegative() }),
])

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
