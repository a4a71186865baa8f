import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonValue, repeatedKey } from './json.ts'

describe('the first key that stands twice', () => {
  test.each([
    ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', undefined],
    ['{"a":1,"b":2,"a":3}', 'a'],
    ['{"x":{"a":1,"\\u0061":2}}', 'a'],
    ['[{"a":"{\\"a\\":1,"},{"a" : "a"}]', undefined],
    ['{"say \\"hi\\"":1,"say \\"hi\\"" : 2}', 'say "hi"'],
    ['{"a":{"b":1},"a":2}', 'a'],
    ['{"a\\\\":1,"a\\\\"\n:2}', 'a\\'],
  ])('%s', (text, key) => {
    JSON.parse(text)
    expect(repeatedKey(text)).toBe(key)
  })
  test('is found behind a word of millions of letters', () => {
    expect(repeatedKey(`{"a":"${'x'.repeat(2e7)}","a":1}`)).toBe('a')
  })
  test('is never found in what was written by JSON.stringify', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(repeatedKey(text)).toBe(undefined)
      }),
    )
  })
})

describe('the value of a JSON text', () => {
  test('is that of JSON.parse', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonValue(text)).toEqual(JSON.parse(text))
      }),
    )
  })
  test('is refused where it is nested deeper than a reader could follow, which brackets in words do not count for', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(jsonValue(nested(100))).toHaveLength(1)
    expect(() => jsonValue(nested(101))).toThrow(/more than 100 deep/)
    expect(() => jsonValue('{"a":'.repeat(1e6))).toThrow(SyntaxError)
    expect(jsonValue(JSON.stringify('['.repeat(200)))).toHaveLength(200)
  })
})
