import { renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { InputError } from '../base/errors.ts'
import { readPlainFileSync } from '../base/plain-file.ts'

/** A sign of life every so many milliseconds; a search that gave none for longer than `SILENCE` is gone. */
const BEAT = 2000
const SILENCE = 15_000
/** How long workers of a search that was killed are given to notice it. */
const PATIENCE = 10_000
/** Of a lock: some numbers. */
const MOST_BYTES = 2 ** 16

/** Keeps others from a search's directory while this process writes there. */
export interface Lock {
  /** Notes the worker processes, so that whoever goes on after a kill can wait until they are gone. */
  note(workers: readonly number[]): void
  release(): void
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether somebody keeps a lock: its last sign of life is fresh. */
export function isHeld(path: string): boolean {
  const found = readHolder(path)
  return found !== undefined && found.silent < SILENCE
}

interface Holder {
  readonly pid: number
  readonly workers: readonly number[]
}

function readHolder(path: string): { holder: Holder; silent: number } | undefined {
  try {
    const holder = JSON.parse(readPlainFileSync(path, { mostBytes: MOST_BYTES }).toString()) as Holder
    return { holder, silent: Date.now() - statSync(path).mtimeMs }
  } catch {
    return undefined // not there, or torn by a kill: its holder is gone
  }
}

/** Takes the lock of a directory; throws an InputError where a search is running there. */
export async function takeLock(path: string): Promise<Lock> {
  const found = readHolder(path)
  if (found !== undefined && found.holder.pid !== process.pid) {
    const { holder, silent } = found
    if (isAlive(holder.pid) && silent < SILENCE) {
      throw new InputError({
        at: path,
        expected: 'a search that nobody is running',
        received: `one that process ${holder.pid} is running`,
        hint: 'Wait for it, or stop it.',
      })
    }
    for (
      let waited = 0;
      waited < PATIENCE && silent < SILENCE && holder.workers.some(isAlive);
      waited += 50
    ) {
      await sleep(50)
    }
  }
  // Written beside and renamed, so that nobody reads a half and takes its holder for gone.
  const write = (workers: readonly number[]) => {
    const beside = `${path}.${process.pid}`
    writeFileSync(beside, `${JSON.stringify({ pid: process.pid, workers })}\n`)
    renameSync(beside, path)
  }
  write([])
  const beat = setInterval(() => {
    const now = new Date()
    try {
      utimesSync(path, now, now)
    } catch {
      // somebody took the file away; the next note writes it again
    }
  }, BEAT)
  beat.unref()
  return {
    note: write,
    release() {
      clearInterval(beat)
      rmSync(path, { force: true })
    },
  }
}
