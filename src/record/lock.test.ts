import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

describe('the lock of a directory', () => {
  const directory = mkdtempSync(join(tmpdir(), 'atelier-lock-'))
  const path = join(directory, 'search.lock')
  test('keeps a second search out while the first lives, and only then', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(path, JSON.stringify({ pid: other.pid, workers: [] }))
    await expect(takeLock(path, 'a search')).rejects.toThrow(
      `received one that process ${other.pid} is running`,
    )
    const gone = new Promise((resolve) => other.on('exit', resolve))
    other.kill('SIGKILL')
    await gone
    const lock = await takeLock(path, 'a search')
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid)
    lock.release()
    expect(() => readFileSync(path)).toThrow()
  })
  test('waits until the workers of a search that was killed are gone', async () => {
    const worker = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 400)'])
    writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, workers: [worker.pid] }))
    const lock = await takeLock(path, 'a search')
    expect(worker.exitCode).toBe(0)
    lock.release()
  })
  test('of a process that gives no sign of life, or torn, is taken over', async () => {
    writeFileSync(path, JSON.stringify({ pid: process.ppid, workers: [process.ppid] }))
    utimesSync(path, new Date(0), new Date(0))
    ;(await takeLock(path, 'a search')).release()
    writeFileSync(path, '{"pid":')
    ;(await takeLock(path, 'a search')).release()
  })
  test('is no directory: one of this name is somebody’s, and stays', async () => {
    mkdirSync(path)
    await expect(takeLock(path, 'a search')).rejects.toThrow(
      'the file of a lock, or none, received a directory',
    )
    rmSync(directory, { recursive: true })
  })
})
