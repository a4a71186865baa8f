import { stripVTControlCharacters } from 'node:util'
import { greatest } from '../base/extremes.ts'

/** How a command speaks: results on standard output, the rest on standard error. */
export interface Terminal {
  readonly json: boolean
  /** Result for a person; nothing where `--json` was asked for. */
  print(text: string): void
  /** The one JSON document of `--json`. */
  document(value: unknown): void
  /** Whether it was written. */
  readonly hasDocument: boolean
  /** A remark that is not the result; silent under `--quiet`. */
  note(text: string): void
  warn(text: string): void
  /** One line that is drawn over itself while long work goes on; shown on a terminal only. */
  progress(text: string): void
  /** Takes the progress line away. */
  clear(): void
  bold(text: string): string
  dim(text: string): string
  /** Whether a result may have colors. */
  readonly colored: boolean
  /** Columns that a remark or a progress line has. */
  readonly width: number
  /** Columns that a result has: without end where it goes into a file or a pipe. */
  readonly printWidth: number
}

export interface TerminalOptions {
  readonly json: boolean
  readonly quiet: boolean
}

type Stream = NodeJS.WriteStream

const isDumb = () => process.env.TERM === 'dumb'

/** Text for a stream: with colors where it is a terminal and neither `NO_COLOR` nor a dumb terminal forbids them. */
function styled(stream: Stream, text: string): string {
  return isColored(stream) ? text : stripVTControlCharacters(text)
}

const isColored = ({ isTTY }: Stream) => isTTY === true && !process.env.NO_COLOR && !isDumb()

/** A terminal over the process's own streams. */
export function openTerminal({ json, quiet }: TerminalOptions): Terminal {
  const { stdout, stderr } = process
  const live = stderr.isTTY === true && !quiet && !isDumb()
  let drawn = false
  let hasDocument = false
  const clear = () => {
    if (drawn) stderr.write('\r\x1b[K')
    drawn = false
  }
  const say = (stream: Stream, text: string) => {
    clear()
    stream.write(`${styled(stream, text)}\n`)
  }
  const width = () => stderr.columns || 80
  return {
    json,
    get width() {
      return width()
    },
    get printWidth() {
      return stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY
    },
    print: (text) => json || say(stdout, text),
    document(value) {
      hasDocument = true
      if (json) say(stdout, JSON.stringify(value, null, 2))
    },
    get hasDocument() {
      return hasDocument
    },
    note: (text) => quiet || say(stderr, wrapped(text, stderr)),
    warn: (text) => say(stderr, wrapped(`Warning: ${text}`, stderr)),
    progress(text) {
      if (!live) return
      // The last column stays free: some terminals wrap when it is written.
      stderr.write(`\r\x1b[K${text.slice(0, width() - 1)}`)
      drawn = true
    },
    clear,
    bold: (text) => `\x1b[1m${text}\x1b[22m`,
    colored: isColored(stdout),
    dim: (text) => `\x1b[2m${text}\x1b[22m`,
  }
}

/** Text whose lines break between words where the screen ends; files and pipes get it as it is. */
function wrapped(text: string, { isTTY, columns }: Stream): string {
  return isTTY
    ? text
        .split('\n')
        .flatMap((line) => wrap(line, columns || 80)) // some terminals say that they have none
        .join('\n')
    : text
}

/** A line in pieces of at most so many columns, broken between words. */
export function wrap(line: string, columns: number): string[] {
  if (stripVTControlCharacters(line).length <= columns) return [line]
  const pieces = ['']
  for (const word of line.split(' ')) {
    const last = pieces[pieces.length - 1]
    const longer = last === '' ? word : `${last} ${word}`
    if (stripVTControlCharacters(longer).length <= columns || last === '') pieces[pieces.length - 1] = longer
    else pieces.push(word)
  }
  return pieces
}

/** A bar of the given number of columns: `━━━━╌╌╌╌`. */
export function bar(share: number, columns: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * columns)
  return '━'.repeat(full) + '╌'.repeat(columns - full)
}

/** `95` → `1:35`; `3700` → `1:01:40`. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–:––'
  const whole = Math.round(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** The pieces that fit beside each other, in order; those of least worth go first. */
export function fitting(
  pieces: readonly { readonly text: string; readonly worth: number }[],
  width: number,
): string[] {
  const kept = [...pieces]
  const length = () => kept.reduce((sum, { text }) => sum + text.length + 2, -2)
  while (kept.length > 1 && length() > width) {
    const least = kept.reduce((a, b) => (b.worth < a.worth ? b : a))
    kept.splice(kept.indexOf(least), 1)
  }
  return kept.map(({ text }) => text)
}

export type Cell = string | number

/** A column of numbers stands to the right. */
const isNumber = (cell: Cell) => /^[-+±–]?[\d.,]|^–$|^$/.test(String(cell))

/** Columns of text, padded; the first row is the head. */
export function columns(rows: readonly (readonly Cell[])[]): string {
  const widths = rows[0].map((_, i) => greatest(rows.map((row) => String(row[i]).length)))
  const numeric = rows[0].map((_, i) => i > 0 && rows.slice(1).every((row) => isNumber(row[i])))
  const pad = (cell: Cell, i: number) =>
    numeric[i] ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i])
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** Columns of text; where they are wider than the screen, in several tables that repeat the first column. */
export function columnsWithin(width: number, rows: readonly (readonly Cell[])[]): string {
  const take = (kept: readonly number[]) => columns(rows.map((row) => [0, ...kept].map((i) => row[i])))
  const fits = (kept: readonly number[]) =>
    take(kept)
      .split('\n')
      .every((line) => line.length <= width)
  const tables: number[][] = [[]]
  for (const i of rows[0].keys()) {
    const last = tables[tables.length - 1]
    if (i === 0) continue
    if (last.length === 0 || fits([...last, i])) last.push(i)
    else tables.push([i])
  }
  return tables.map(take).join('\n\n')
}
