import { InputError } from '../base/errors.ts'
import type { LabeledImages } from './dataset.ts'

const [COMMA, LINE_FEED, RETURN, ZERO, NINE] = [0x2c, 0x0a, 0x0d, 0x30, 0x39]

/**
 * Square gray images from the bytes of a table of the form that Kaggle gives MNIST and Fashion-MNIST: a line an image,
 * its label first, then its pixels row by row; a first line of names is passed over. `at` names the file in errors.
 */
export function parseCsv(bytes: Uint8Array, at: string): LabeledImages {
  const start = isDigit(bytes[0]) ? 0 : bytes.indexOf(LINE_FEED) + 1
  const columns = countColumns(bytes, start)
  const side = Math.sqrt(columns - 1)
  if (columns < 2 || !Number.isInteger(side)) throw notSquare(columns, at)
  const values = readValues(bytes, start, columns, at)
  const count = values.length / columns
  const pixels = new Uint8Array(count * (columns - 1))
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    labels[i] = values[i * columns]
    pixels.set(values.subarray(i * columns + 1, (i + 1) * columns), i * (columns - 1))
  }
  return { count, height: side, width: side, channels: 1, pixels, labels }
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
