import { z } from 'zod'
import { holds, type Range, spokenRange } from './range.ts'

/** The check of a range; it expects in the words of `spokenRange`, and its JSON Schema has the bounds. */
export function numberIn(range: Range): z.ZodType<number, number> {
  const { whole, least, most, above, below } = range
  return z
    .number()
    .refine((value) => holds(range, value), { error: spokenRange(range) })
    .meta({
      ...(whole && { type: 'integer' as const }),
      ...(least !== undefined && { minimum: least }),
      ...(most !== undefined && { maximum: most }),
      ...(above !== undefined && { exclusiveMinimum: above }),
      ...(below !== undefined && { exclusiveMaximum: below }),
    })
}
