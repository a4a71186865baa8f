import { describe, expect, test } from 'vitest'
import { partScanner } from './multipart.ts'
import { Problem } from './problem.ts'

const type = 'multipart/form-data; boundary=x-y'
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const file = (name: string, content: string) =>
  `--x-y\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n${content}\r\n`
const END = '--x-y--\r\n'

/** What a form holds whose bytes come so many at a time. */
function scanned(body: string, step = body.length, most = 10) {
  const bytes = bytesOf(body)
  const scanner = partScanner(type, most)
  for (let length = Math.min(step, bytes.length); length < bytes.length; length += step)
    scanner.scan(bytes, length)
  return scanner
    .files(bytes)
    .map(({ name, bytes: held }) => [name, Buffer.from(held).toString('latin1')] as const)
}

test('the parts are the same, however the bytes come', () => {
  const contents = ['one', '', '\r\n--x-', '\r\n\r\n', 'a--x-y', '\0\xff\r\n-']
  const body = `${contents.map((content, i) => file(`${i}.png`, content)).join('')}${END}`
  const expected = contents.map((content, i) => [`${i}.png`, content])
  for (let step = 1; step <= body.length; step++) expect(scanned(body, step)).toEqual(expected)
})

test('names as browsers and curl write them; fields without a file are passed over', () => {
  const field = '--x-y\r\ncontent-disposition: form-data; name="note"\r\n\r\nhello\r\n'
  const body = `${file('a %22b%22.png', '1')}${field}${file('c \\"d\\".png', '2')}${END}`
  expect(scanned(body).map(([name]) => name)).toEqual(['a "b".png', 'c "d".png'])
})

test('what the platform itself writes is read', async () => {
  const form = new FormData()
  form.append('image', new Blob([new Uint8Array([0, 13, 10, 45, 45])]), 'ä "1".png')
  const request = new Request('http://localhost', { method: 'POST', body: form })
  const bytes = new Uint8Array(await request.arrayBuffer())
  const files = partScanner(request.headers.get('content-type') ?? '', 1).files(bytes)
  expect(files).toEqual([{ name: 'ä "1".png', bytes: new Uint8Array([0, 13, 10, 45, 45]) }])
})

describe('refused', () => {
  const refusal = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return error instanceof Problem ? error.status : error
    }
    return 'nothing'
  }

  test('too many parts, as soon as there are', () => {
    const scanner = partScanner(type, 3)
    const bytes = bytesOf(file('a', '').repeat(200_000))
    const length = 40 * file('a', '').length
    expect(refusal(() => scanner.scan(bytes, length))).toBe(413) // nothing behind them was looked at
    expect(refusal(() => scanned(`${file('a', '').repeat(4)}${END}`, 1000, 3))).toBe(413)
  })

  test.each([
    ['no form', 'nothing of the kind'],
    ['a form that was cut', file('a', 'b')],
    ['a part that does not say what it is', `--x-y\r\n\r\nb\r\n${END}`],
    ['a part with a head that does not end', `--x-y\r\n${'a: b\r\n'.repeat(9000)}${END}`],
    ['no file', '--x-y--\r\n'],
  ])('%s', (_, body) => {
    expect(refusal(() => scanned(body))).toBe(400)
  })

  test('no boundary', () => {
    expect(refusal(() => partScanner('multipart/form-data', 1))).toBe(400)
  })
})
