import { expect, test } from 'vitest'
import { repeatedKey } from './repeated-key.ts'

test.each([
  ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', undefined],
  ['{"a":1,"b":2,"a":3}', 'a'],
  ['{"x":{"a":1,"\\u0061":2}}', 'a'],
  ['[{"a":"{\\"a\\":1,"},{"a" : "a"}]', undefined],
  ['{"say \\"hi\\"":1,"say \\"hi\\"" : 2}', 'say "hi"'],
  ['{"a":{"b":1},"a":2}', 'a'],
])('%s', (text, key) => {
  JSON.parse(text)
  expect(repeatedKey(text)).toBe(key)
})
