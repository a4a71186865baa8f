import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError, InputError } from '../base/errors.ts'
import { readPlainFileSync } from '../base/plain-file.ts'

/** A sign of life every so many milliseconds; a holder that gave none for longer than `SILENCE` is gone. */
const BEAT = 2000
const SILENCE = 15_000
/** How long workers of a process that was killed are given to notice it. */
const PATIENCE = 10_000
/** Of a lock: some numbers. */
const MOST_BYTES = 2 ** 16

/** Keeps others from a record's directory while somebody writes there. */
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
  return found?.holder !== undefined && found.silent < SILENCE
}

interface Holder {
  readonly pid: number
  readonly workers: readonly number[]
}

interface Found {
  /** Undefined where the file is torn: its holder was killed while it wrote. */
  readonly holder: Holder | undefined
  /** Undefined where it is no plain file: whatever it is, nobody who runs put it there. */
  readonly text: string | undefined
  /** Milliseconds since its last sign of life. */
  readonly silent: number
}

function readHolder(path: string): Found | undefined {
  try {
    const text = readPlainFileSync(path, { mostBytes: MOST_BYTES }).toString()
    return { holder: holderIn(text), text, silent: Date.now() - statSync(path).mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return { holder: undefined, text: undefined, silent: Number.POSITIVE_INFINITY }
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, workers } = JSON.parse(text) as Partial<Holder>
    return Number.isSafeInteger(pid) && Array.isArray(workers) ? { pid: pid!, workers } : undefined
  } catch {
    return undefined
  }
}

/** The locks that this process holds, whoever in it took them. */
const own = new Set<string>()

/** Takes the lock of a directory; throws an InputError where somebody else has it. `what` is named: "a search", "a run". */
export async function takeLock(path: string, what: string): Promise<Lock> {
  const place = resolve(path)
  if (own.has(place)) throw heldBy(process.pid, path, what)
  own.add(place)
  try {
    while (!create(path)) await waitForEnd(path, what)
  } catch (error) {
    own.delete(place)
    throw error
  }
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
    note(workers) {
      renameSync(besideOf(path, workers), path) // nobody reads a half and takes its holder for gone
    },
    release() {
      clearInterval(beat)
      own.delete(place)
      rmSync(path, { force: true })
    },
  }
}

const heldBy = (pid: number, path: string, what: string) =>
  new InputError({
    at: path,
    expected: `${what} that nobody is running`,
    received: `one that process ${pid} is running`,
    hint: 'Wait for it, or stop it.',
  })

function besideOf(path: string, workers: readonly number[]): string {
  const beside = `${path}.${process.pid}`
  try {
    writeFileSync(beside, `${JSON.stringify({ pid: process.pid, workers })}\n`)
  } catch (error) {
    throw new FailureError(`Cannot write ${beside}: ${(error as Error).message}`, { cause: error })
  }
  return beside
}

/** Puts a lock where there is none: of two who try at once one does. False where there is one. */
function create(path: string): boolean {
  const beside = besideOf(path, [])
  try {
    linkSync(beside, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    return createWithoutLinks(path, beside) // some file systems know none
  } finally {
    rmSync(beside, { force: true })
  }
}

function createWithoutLinks(path: string, beside: string): boolean {
  try {
    writeFileSync(path, readFileSync(beside), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes away the lock of a process that is gone, once its workers are; refuses where it lives. */
async function waitForEnd(path: string, what: string): Promise<void> {
  const found = readHolder(path)
  if (found === undefined) return
  const { holder, silent, text } = found
  if (holder !== undefined && holder.pid !== process.pid) {
    if (isAlive(holder.pid) && silent < SILENCE) throw heldBy(holder.pid, path, what)
    for (
      let waited = 0;
      waited < PATIENCE && silent < SILENCE && holder.workers.some(isAlive);
      waited += 50
    ) {
      await sleep(50)
    }
  }
  takeAway(path, text)
}

/** Takes away a lock of this text, and no other: somebody else may have come first. */
function takeAway(path: string, text: string | undefined): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError({ at: path, expected: 'the file of a lock, or none', received: 'a directory' })
  }
  const aside = `${path}.${process.pid}.old`
  try {
    renameSync(path, aside)
    if (text !== undefined && readFileSync(aside, 'utf8') !== text) linkSync(aside, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error // others were there before: look again
  } finally {
    rmSync(aside, { force: true })
  }
}
