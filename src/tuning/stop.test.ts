import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { watchForStop } from './stop.ts'

const directory = mkdtempSync(join(tmpdir(), 'atelier-stop-'))
afterAll(() => rmSync(directory, { recursive: true }))
const at = (name: string) => join(directory, name)

test('a search is stopped by a file that appears, not by one of a search before it', async () => {
  writeFileSync(at('stop'), '')
  const { signal, close } = watchForStop(at('stop'))
  expect(existsSync(at('stop'))).toBe(false)
  expect(signal.aborted).toBe(false)
  writeFileSync(at('stop'), '')
  const stayAlive = setInterval(() => {}, 1000)
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  clearInterval(stayAlive)
  close()
  expect(existsSync(at('stop'))).toBe(false)
})

test('a directory of that name is somebody’s: it is refused, and stays', () => {
  mkdirSync(at('folder'))
  expect(() => watchForStop(at('folder'))).toThrow('a file that may be taken away, received a directory')
  expect(existsSync(at('folder'))).toBe(true)
})
