import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileTrouble } from './directory.ts'
import { readPlainFile, readPlainFileSync } from './plain-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'atelier-plain-'))
const at = (name: string) => join(directory, name)
const server = createServer()
beforeAll(async () => {
  writeFileSync(at('file'), 'hello')
  symlinkSync('file', at('link'))
  symlinkSync('circle', at('circle'))
  symlinkSync('/dev/zero', at('zeros'))
  mkdirSync(at('folder'))
  execFileSync('mkfifo', [at('pipe')])
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve))
})
afterAll(() => {
  server.close()
  rmSync(directory, { recursive: true })
})

describe('a plain file is read', () => {
  test('whole, and where a link leads to it', async () => {
    expect(String(await readPlainFile(at('file')))).toBe('hello')
    expect(String(await readPlainFile(at('link')))).toBe('hello')
    expect(String(readPlainFileSync(at('link')))).toBe('hello')
  })
  test('not where links are not followed, nor where it is too large', async () => {
    const words = (promise: Promise<unknown>) => promise.then(String, fileTrouble)
    expect(await words(readPlainFile(at('link'), { followsLinks: false }))).toBe('a link')
    expect(await words(readPlainFile(at('file'), { mostBytes: 4 }))).toBe('a file that is too large')
  })
})

test.each([
  ['pipe', 'something that is no file'],
  ['socket', 'something that is no file'],
  ['zeros', 'something that is no file'],
  ['folder', 'a directory'],
  ['circle', 'a link that leads in a circle'],
  ['nowhere', 'nothing there'],
])('%s is not waited for: %s', async (name, words) => {
  expect(await readPlainFile(at(name)).then(String, fileTrouble)).toBe(words)
  let trouble = ''
  try {
    readPlainFileSync(at(name))
  } catch (error) {
    trouble = fileTrouble(error)
  }
  expect(trouble).toBe(words)
})
