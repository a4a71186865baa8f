import { z } from 'zod'
import { sha256Hex } from '../../base/hash.ts'
import { parse } from '../../base/parse.ts'
import { damaged } from '../../record/checksum.ts'
import { decodeLines, encodeLines } from '../../record/lines.ts'

/**
 * A journal's lines are Optuna's and have no room for checksums: they lie beside it, in `journal.log.checksums`. They are
 * written *before* the lines, so that no line of ours is ever without; whoever reads takes them before and after the
 * journal itself. Lines of other programs, which may add trials, have none until the search goes on.
 */

/** The name of the checksums of a journal of that name. */
export const checksumsOf = (journal: string) => `${journal}.checksums`

const entry = z.union([
  /** A process that writes: every line that names it has a checksum here. */
  z.strictObject({ worker: z.string(), checksum: z.string() }),
  /** Of the lines of one writing, in their order. */
  z.strictObject({ lines: z.array(z.string()), checksum: z.string() }),
  /** The writer has left: nothing is under way. */
  z.strictObject({ closed: z.literal(true), checksum: z.string() }),
])

type Entry = Record<'worker' | 'closed', unknown> & { readonly lines: readonly string[] }

const SEED = 'journal'
const encoder = new TextEncoder()
const hashOf = (line: string) => sha256Hex(encoder.encode(line)).slice(0, 16)

/** Writes the checksums' own lines, each with the checksum of all before it. */
export interface ChecksumEncoder {
  /** The text to add before lines are written. */
  readonly lines: (lines: readonly string[]) => string
  readonly closed: () => string
}

/** What a file of checksums begins with, of lines that are there already, and how it goes on. */
export function beginChecksums(
  there: readonly string[],
  worker: string,
): { readonly text: string; readonly encoder: ChecksumEncoder } {
  let before: string | undefined = SEED
  const next = (...values: readonly object[]) => {
    const { text, checksum } = encodeLines(values, before)
    before = checksum
    return text
  }
  const text = next({ lines: there.map(hashOf) }, { worker })
  return {
    text,
    encoder: { lines: (lines) => next({ lines: lines.map(hashOf) }), closed: () => next({ closed: true }) },
  }
}

interface Checksums {
  readonly expected: readonly string[]
  /** Whether the writer has left: then all of them must be there. */
  readonly isClosed: boolean
  /** How many are of the last writing, which may be under way. */
  readonly underWay: number
  readonly workers: ReadonlySet<string>
}

function decodeChecksums(file: Uint8Array, at: string): Checksums {
  const lines = [...decodeLines(file, at, SEED)] // a torn line is of a writing that never began
  const entries = lines.map((line) => parse(entry, line.value, line.at))
  const expected = entries.flatMap((each) => ('lines' in each ? each.lines : []))
  const last: Partial<Entry> = entries.at(-1) ?? {}
  return {
    expected,
    isClosed: 'closed' in last,
    underWay: 'lines' in last ? last.lines.length : 0,
    workers: new Set(entries.flatMap((each) => ('worker' in each ? [each.worker] : []))),
  }
}

/** Whether a line says that a writer of another program wrote it. */
function isOfOther(line: string, workers: ReadonlySet<string>): boolean {
  const worker = /"worker_id": ?"([^"]*)"/.exec(line)?.[1]
  return worker !== undefined && !workers.has(worker)
}

/** The checksums of a journal as they were before it was read, and after. */
export interface ChecksumFiles {
  readonly before: Uint8Array
  readonly after: Uint8Array
  readonly at: string
}

/**
 * Checks the whole lines of a journal, or of its beginning where `isWhole` is false; throws an InputError that names `at`
 * where one of ours is not as it was written, or is missing once its writer had left. Returns what is to be told: lines
 * that a power cut has taken, which a search that goes on writes again.
 */
export function checkJournalLines(
  lines: readonly string[],
  files: ChecksumFiles,
  { at, isWhole }: { readonly at: string; readonly isWhole: boolean },
): string[] {
  const after = decodeChecksums(files.after, files.at)
  const { expected, workers } = after
  let found = 0
  for (const [i, line] of lines.entries()) {
    if (hashOf(line) === expected[found]) found += 1
    else if (!isOfOther(line, workers)) throw damaged(`${at}: line ${i + 1}`, 'one with another checksum')
  }
  const isSame = Buffer.compare(files.before, files.after) === 0 // nobody writes it now
  const before = isSame ? after : decodeChecksums(files.before, files.at)
  const missing = before.expected.length - found
  if (!isWhole || missing <= before.underWay) return []
  if (before.isClosed) throw damaged(at, `${found} of its ${before.expected.length} lines`)
  return [`${at}: the last ${missing} lines were lost and are left out.`]
}
