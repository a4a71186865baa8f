import { InputError } from '../base/errors.ts'
import type { LabeledImages } from './dataset.ts'

const [COMMA, LINE_FEED, RETURN, ZERO, NINE] = [0x2c, 0x0a, 0x0d, 0x30, 0x39]

/** What the column of the labels is called in the tables that people publish. */
const labelNames = ['label', 'class', 'target', 'category', 'y']
/** What the column of a pixel is called: `pixel1`, `px_3`, `1x1`, `V12`. */
const pixelName = /^(pixels?|px|p|v|x)?[ _.-]?\d+([x_,]\d+)?$/i

/**
 * Square gray images from the bytes of a table, a line an image: its label, then its pixels row by row, as Kaggle has MNIST
 * and Fashion-MNIST. Where a first line of names says that the label stands elsewhere, it does: OpenML puts it last. `at`
 * names the file in errors.
 */
export function parseCsv(file: Uint8Array, at: string): LabeledImages {
  const bytes = file.subarray(isMarked(file) ? 3 : 0)
  const start = isDigit(bytes[0]) ? 0 : bytes.indexOf(LINE_FEED) + 1
  const columns = countColumns(bytes, start)
  const side = Math.sqrt(columns - 1)
  if (columns < 2 || !Number.isInteger(side)) throw notSquare(columns, at)
  const own = labelColumn(bytes.subarray(0, start), columns, at)
  const values = readValues(bytes, start, columns, at)
  const count = values.length / columns
  const pixels = new Uint8Array(count * (columns - 1))
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns)
    labels[i] = row[own]
    pixels.set(row.subarray(0, own), i * (columns - 1))
    pixels.set(row.subarray(own + 1), i * (columns - 1) + own)
  }
  return { count, height: side, width: side, channels: 1, pixels, labels }
}

/** The byte-order mark that spreadsheets write before UTF-8. */
const isMarked = ([first, second, third]: Uint8Array) => first === 0xef && second === 0xbb && third === 0xbf

/** The column of the labels by the line of names; the first where there is none, or where it tells nothing. */
function labelColumn(head: Uint8Array, columns: number, at: string): number {
  const names = new TextDecoder()
    .decode(head)
    .split(',')
    .map((name) => name.trim().replace(/^(["'])(.*)\1$/, '$2'))
  const named = names.findIndex((name) => labelNames.includes(name.toLowerCase()))
  if (named >= 0 && named < columns) return named
  if (!pixelName.test(names[0])) return 0
  throw new InputError({
    at: `${at}, line 1`,
    expected: `a column called ${labelNames.slice(0, -1).join(', ')} or ${labelNames.at(-1)}`,
    received: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`,
    hint: 'Call the column of the labels "label" in the first line.',
  })
}

function countColumns(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(LINE_FEED, start)
  const line = bytes.subarray(start, end < 0 ? bytes.length : end)
  return line.length === 0 ? 0 : line.reduce((count, byte) => count + (byte === COMMA ? 1 : 0), 1)
}

/** All numbers in reading order; every line has the same number of columns, every number fits a byte. */
function readValues(bytes: Uint8Array, start: number, columns: number, at: string): Uint8Array {
  const values = new Uint8Array(Math.ceil((bytes.length - start + 1) / 2))
  let [filled, column, value] = [0, 0, -1]
  const line = () => Math.floor(filled / columns) + (start > 0 ? 2 : 1)
  for (let p = start; p <= bytes.length; p++) {
    const byte = p === bytes.length ? LINE_FEED : bytes[p]
    if (isDigit(byte)) {
      value = Math.max(0, value) * 10 + byte - ZERO
      if (value > 255) throw wrongLine(at, line(), 'whole numbers from 0 to 255', `${value} or more`)
    } else if (byte === COMMA || byte === LINE_FEED) {
      if (byte === LINE_FEED && column === 0 && value < 0) continue // an empty line
      if (value < 0) throw wrongLine(at, line(), `a number in column ${column + 1}`, 'none')
      column += 1
      const isEnd = byte === LINE_FEED
      if (isEnd !== (column === columns))
        throw wrongLine(at, line(), `${columns} columns`, isEnd ? `${column}` : 'more')
      values[filled++] = value
      value = -1
      if (isEnd) column = 0
    } else if (byte !== RETURN) {
      throw wrongLine(
        at,
        line(),
        'whole numbers from 0 to 255',
        `the character "${String.fromCharCode(byte)}"`,
      )
    }
  }
  return values.subarray(0, filled)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

function wrongLine(at: string, line: number, expected: string, received: string): InputError {
  return new InputError({ at: `${at}, line ${line}`, expected, received })
}

function notSquare(columns: number, at: string): InputError {
  return new InputError({
    at,
    expected: 'a label and the pixels of a square image in each line, as in label,pixel1,…,pixel784',
    received: columns === 0 ? 'no line of numbers' : `${columns} columns`,
  })
}
