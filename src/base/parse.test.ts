import { expect, test } from 'vitest'
import { z } from 'zod'
import { parse } from './parse.ts'

const schema = z.strictObject({
  name: z.string().min(1).optional(),
  size: z.number().int().min(1).max(9).optional(),
  share: z.number().gt(0).lt(1).optional(),
  fine: z.boolean().optional(),
  kind: z.enum(['a', 'b']).optional(),
  version: z.literal(1).optional(),
  list: z
    .array(z.object({ x: z.number() }))
    .max(2)
    .optional(),
  either: z.union([z.enum(['he', 'zeros']), z.object({ low: z.number(), high: z.number() })]).optional(),
  event: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('on') }),
      z.object({ type: z.literal('off'), at: z.number() }),
    ])
    .optional(),
})

test('what fits is returned, with its type', () => {
  expect(parse(schema, { name: 'x', list: [{ x: 1 }] }, 'file')).toEqual({ name: 'x', list: [{ x: 1 }] })
})

test.each<[unknown, string]>([
  [null, 'file: expected an object, received null.'],
  [[1], 'file: expected an object, received a list of 1.'],
  [{ nmae: 1 }, 'file: expected no other keys, received "nmae".'],
  [{ name: '' }, 'file: name: expected at least 1 characters, received "".'],
  [{ name: 3 }, 'file: name: expected a text, received 3.'],
  [{ size: 0 }, 'file: size: expected a number at least 1, received 0.'],
  [{ size: 1.5 }, 'file: size: expected a whole number, received 1.5.'],
  [{ size: 10 }, 'file: size: expected a number at most 9, received 10.'],
  [{ share: 0 }, 'file: share: expected a number above 0, received 0.'],
  [{ share: 1 }, 'file: share: expected a number below 1, received 1.'],
  [{ share: Number.NaN }, 'file: share: expected a number, received NaN.'],
  [{ fine: 'yes' }, 'file: fine: expected true or false, received "yes".'],
  [{ kind: 'c' }, 'file: kind: expected one of a, b, received "c".'],
  [{ version: 2 }, 'file: version: expected 1, received 2.'],
  [{ list: [{ x: 1 }, {}] }, 'file: list[1].x: expected a number, received nothing.'],
  [{ list: [{ x: 1 }, { x: 1 }, { x: 1 }] }, 'file: list: expected at most 2 entries, received a list of 3.'],
  [{ either: 'ones' }, 'file: either: expected one of he, zeros, received "ones".'],
  [{ either: { low: 1 } }, 'file: either.high: expected a number, received nothing.'],
  [{ event: { type: 'dim' } }, 'file: event.type: expected one of on, off, received "dim".'],
  [{ event: { type: 'off' } }, 'file: event.at: expected a number, received nothing.'],
])('%j is refused in our own words', (value, message) => {
  expect(() => parse(schema, value, 'file')).toThrow(message)
})

test('a hint follows', () => {
  expect(() => parse(schema, 3, 'file', 'Try again.')).toThrow(/received 3\. Try again\.$/)
})
