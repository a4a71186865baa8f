import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('fields are quoted where they must be', () => {
  expect(csvLine(['a', 1, true, 'b,c', 'say "hi"', 'two\nlines', undefined, null])).toBe(
    'a,1,true,"b,c","say ""hi""","two\nlines",,',
  )
})

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd|x', "'+cmd|x"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2+3', "'-2+3"],
  ['\tx', "'\tx"],
  ['=HYPERLINK("a","b")', `"'=HYPERLINK(""a"",""b"")"`],
  ['-0.5', '-0.5'],
  ['+1e-3', '+1e-3'],
  ['a=b', 'a=b'],
])('a spreadsheet reads %j as a text or a number', (text, written) => {
  expect(csvLine([text])).toBe(written)
})
