import { decimal } from './range.ts'

type Field = string | number | boolean | null | undefined

/** What spreadsheets take for a formula, and run, where a cell begins with it. */
const formula = /^[=+\-@\t\r]/

/** A field of RFC 4180; nothing is an empty one. An apostrophe keeps a spreadsheet from running a text. */
function field(value: Field): string {
  const text = String(value ?? '')
  const plain = formula.test(text) && !decimal.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** A line of comma-separated values, without its end. */
export const csvLine = (fields: readonly Field[]): string => fields.map(field).join(',')
