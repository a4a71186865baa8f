import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, truncateSync, writeSync } from 'node:fs'
import { fileTrouble } from '../../base/directory.ts'
import { FailureError, InputError } from '../../base/errors.ts'
import { jsonValue } from '../../base/json.ts'
import { parse } from '../../base/parse.ts'
import { readPlainFileSync } from '../../base/plain-file.ts'
import { type Operation, operation } from './operations.ts'

/** What a journal's file holds. */
export interface JournalText {
  readonly operations: readonly Operation[]
  /** Bytes up to the end of the last whole line. */
  readonly soundBytes: number
  /** What is to be mended: a torn last line. */
  readonly warnings: readonly string[]
}

const refuse = (at: string, received: string, hint?: string) =>
  new InputError({
    at,
    expected: 'a journal that `atelier tune` wrote',
    received,
    ...(hint === undefined ? {} : { hint }),
  })

/** Reads a journal. A last line without its end was torn by a crash: it is left out, with a warning. Changes nothing. */
export function readJournal(path: string): JournalText {
  let bytes: Buffer
  try {
    bytes = readPlainFileSync(path)
  } catch (error) {
    throw refuse(path, fileTrouble(error))
  }
  return parseJournal(bytes, path)
}

/** The operations in a journal's bytes, up to the end of the last whole line; `path` names them in errors. */
export function parseJournal(bytes: Buffer, path: string): JournalText {
  const soundBytes = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.subarray(0, soundBytes).toString('utf8').split('\n')
  lines.pop()
  const operations = lines.map((line, i) => parseLine(line, `${path}: line ${i + 1}`))
  const isTorn = soundBytes < bytes.length
  return {
    operations,
    soundBytes,
    warnings: isTorn ? [`${path}: the last line is torn and was left out.`] : [],
  }
}

function parseLine(line: string, at: string): Operation {
  let parsed: unknown
  try {
    parsed = jsonValue(line)
  } catch {
    throw refuse(at, 'a line that is no JSON', 'Restore the file, or begin a new search with another --out.')
  }
  const code = (parsed as { op_code?: unknown } | null)?.op_code
  if (!(Number.isInteger(code) && Number(code) >= 0 && Number(code) <= 9))
    throw refuse(at, 'a line that is no operation')
  return parse(operation, parsed, at)
}

/**
 * A journal that is written to. Every call hands its lines to the system at once, so that a killed process loses none;
 * the disk is told to keep them (fsync) at most once a second and at the end, so that a power cut loses a second.
 */
export class JournalWriter {
  readonly path: string
  readonly #file: number
  readonly #workerId = `${randomUUID()}-${process.pid}`
  #flushed = performance.now()
  #isClosed = false

  private constructor(path: string, file: number) {
    this.path = path
    this.#file = file
  }

  /** Begins a journal that must not exist yet. */
  static create(path: string): JournalWriter {
    try {
      return new JournalWriter(path, openSync(path, 'ax'))
    } catch (error) {
      throw new FailureError(`Cannot begin ${path}: ${(error as Error).message}`, { cause: error })
    }
  }

  /** Goes on with a journal that was read; a torn last line is cut off. */
  static reopen(path: string, { soundBytes }: JournalText): JournalWriter {
    truncateSync(path, soundBytes)
    return new JournalWriter(path, openSync(path, 'a'))
  }

  append(...operations: readonly Operation[]): void {
    const text = operations
      .map(
        ({ op_code, ...fields }) => `${JSON.stringify({ op_code, worker_id: this.#workerId, ...fields })}\n`,
      )
      .join('')
    const bytes = Buffer.from(text)
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written)
      if (performance.now() - this.#flushed > 1000) this.#flush()
    } catch (error) {
      throw new FailureError(`Cannot write ${this.path}: ${(error as Error).message}`, { cause: error })
    }
  }

  #flush(): void {
    fsyncSync(this.#file)
    this.#flushed = performance.now()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#flush()
    closeSync(this.#file)
  }
}
