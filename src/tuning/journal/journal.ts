import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { fileTrouble } from '../../base/directory.ts'
import { FailureError, InputError } from '../../base/errors.ts'
import { jsonValue } from '../../base/json.ts'
import { parse } from '../../base/parse.ts'
import { readPlainFileSync } from '../../base/plain-file.ts'
import { damaged } from '../../record/checksum.ts'
import { MOST_TEXT } from '../../record/files.ts'
import {
  beginChecksums,
  type ChecksumEncoder,
  type ChecksumFiles,
  checkJournalLines,
  checksumsOf,
} from './checksums.ts'
import { OP, type Operation, operation, SETTINGS } from './operations.ts'

const limits = { mostBytes: MOST_TEXT }

/** Journals whose settings say so, or a later one, have checksums beside them. */
const FIRST_SCHEMA_WITH_CHECKSUMS = 2

/** What a journal's file holds. */
export interface JournalText {
  readonly operations: readonly Operation[]
  /** Its whole lines. */
  readonly lines: readonly string[]
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
  const at = checksumsOf(path)
  const checksums = () => (existsSync(at) ? readPlainFileSync(at, limits) : undefined)
  try {
    const before = checksums()
    const bytes = readPlainFileSync(path, limits)
    const after = checksums()
    return parseJournal(bytes, path, before && after && { before, after, at })
  } catch (error) {
    if (error instanceof InputError) throw error
    throw refuse(path, fileTrouble(error))
  }
}

/**
 * The operations in a journal's bytes, up to the end of the last whole line; `path` names them in errors. Of a beginning
 * (`isWhole` false) no line is missed behind it. Throws an InputError where a line that has a checksum is not as it was
 * written.
 */
export function parseJournal(
  bytes: Uint8Array,
  path: string,
  checksums: ChecksumFiles | undefined,
  { isWhole = true } = {},
): JournalText {
  const soundBytes = bytes.lastIndexOf(0x0a) + 1
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, soundBytes).toString().split('\n')
  lines.pop()
  const lost = checksums ? checkJournalLines(lines, checksums, { at: path, isWhole }) : []
  const operations = lines.map((line, i) => parseLine(line, `${path}: line ${i + 1}`))
  if (checksums === undefined && operations.some(hasChecksums)) {
    throw damaged(checksumsOf(path), 'nothing there')
  }
  const isTorn = soundBytes < bytes.length
  return {
    operations,
    lines,
    soundBytes,
    warnings: isTorn ? [`${path}: the last line is torn and was left out.`] : lost,
  }
}

const hasChecksums = (written: Operation) =>
  written.op_code === OP.setStudyUserAttr &&
  Number((written.user_attr[SETTINGS] as { schema?: unknown } | null | undefined)?.schema) >=
    FIRST_SCHEMA_WITH_CHECKSUMS

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
  readonly #checksums: number
  readonly #encoder: ChecksumEncoder
  readonly #workerId = `${randomUUID()}-${process.pid}`
  #flushed = performance.now()
  #isClosed = false

  private constructor(path: string, file: number, there: readonly string[]) {
    this.path = path
    this.#file = file
    const { text, encoder } = beginChecksums(there, this.#workerId)
    writeBeside(checksumsOf(path), text)
    this.#checksums = openSync(checksumsOf(path), 'a')
    this.#encoder = encoder
  }

  /** Begins a journal that must not exist yet. */
  static create(path: string): JournalWriter {
    try {
      return new JournalWriter(path, openSync(path, 'ax'), [])
    } catch (error) {
      throw new FailureError(`Cannot begin ${path}: ${(error as Error).message}`, { cause: error })
    }
  }

  /** Goes on with a journal that was read; a torn last line is cut off. */
  static reopen(path: string, { soundBytes, lines }: JournalText): JournalWriter {
    truncateSync(path, soundBytes)
    return new JournalWriter(path, openSync(path, 'a'), lines)
  }

  append(...operations: readonly Operation[]): void {
    const lines = operations.map(({ op_code, ...fields }) =>
      JSON.stringify({ op_code, worker_id: this.#workerId, ...fields }),
    )
    try {
      writeAll(this.#checksums, this.#encoder.lines(lines))
      writeAll(this.#file, lines.map((line) => `${line}\n`).join(''))
      if (performance.now() - this.#flushed > 1000) this.#flush()
    } catch (error) {
      throw new FailureError(`Cannot write ${this.path}: ${(error as Error).message}`, { cause: error })
    }
  }

  #flush(): void {
    fsyncSync(this.#checksums)
    fsyncSync(this.#file)
    this.#flushed = performance.now()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#flush() // all lines are on the disk before it is said that they are
    writeAll(this.#checksums, this.#encoder.closed())
    fsyncSync(this.#checksums)
    closeSync(this.#checksums)
    closeSync(this.#file)
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}

/** Writes a file anew; no reader ever sees a part of it. */
function writeBeside(path: string, text: string): void {
  const beside = `${path}.tmp`
  writeFileSync(beside, text)
  renameSync(beside, path)
}
