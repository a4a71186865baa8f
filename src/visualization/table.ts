import { decimal, duration, integer, percent, signed } from './format.ts'
import { type Html, html } from './html.ts'

/** How a column's values are written. */
export type Format =
  | { readonly type: 'text' }
  | { readonly type: 'code' }
  | { readonly type: 'integer' }
  | { readonly type: 'decimal'; readonly digits: number }
  | { readonly type: 'percent'; readonly digits: number }
  | { readonly type: 'signed'; readonly digits: number }
  | { readonly type: 'duration' }

/** A column: its title, how its values are written, and whether they are numbers (aligned right). */
export interface Column {
  readonly title: string
  readonly format: Format
  readonly align: 'left' | 'right'
  /** How soon a short paper leaves it out; never, where it has none. */
  readonly rank?: number
}

/** A value, or null where there is none. */
export type Cell = string | number | null

/** A table as data. */
export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** The row to be seen first, if any. */
  readonly highlight?: number
}

const text = (title: string): Column => ({ title, format: { type: 'text' }, align: 'left' })
const number = (title: string, format: Format): Column => ({ title, format, align: 'right' })

/** Makers of the usual columns. */
export const column = { text, number }

/** A value as its column writes it; a dash where there is none. */
export function formatCell(value: Cell, format: Format): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : 'infinite'
  return formatNumber(value, format)
}

function formatNumber(value: number, format: Format): string {
  switch (format.type) {
    case 'text':
    case 'code':
      return String(value)
    case 'integer':
      return integer(value)
    case 'decimal':
      return decimal(value, format.digits)
    case 'percent':
      return percent(value, format.digits)
    case 'signed':
      return signed(value, format.digits)
    case 'duration':
      return duration(value)
    default:
      return format satisfies never
  }
}

/** The table as HTML. */
export function tableHtml({ columns, rows, highlight }: Table): Html {
  const head = columns.map(({ title, align }) => html`<th scope="col" class="${align}">${title}</th>`)
  const body = rows.map(
    (
      row,
      i,
    ) => html`<tr${i === highlight ? html` class="highlight"` : ''}>${row.map((value, c) => cellHtml(value, columns[c], c))}</tr>
`,
  )
  return html`<table><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table>`
}

/** Names of rows up to this length are kept in one line. */
const longestUnbroken = 28

function cellHtml(value: Cell, { format, align }: Column, c: number): Html {
  const shown = formatCell(value, format)
  const content = format.type === 'code' && value !== null ? html`<code>${shown}</code>` : html`${shown}`
  return c === 0
    ? html`<th scope="row" class="${align}${[...shown].length <= longestUnbroken ? ' short' : ''}">${content}</th>`
    : html`<td class="${align}">${content}</td>`
}

/** Text that Markdown takes as it stands, in one line. */
export const escapeMarkdown = (text: string) =>
  text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_{}[\]<>#|~&$]/g, (c) => `\\${c}`)

/** Code within a line: fenced by more backticks than it holds. */
export function markdownCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return fence + pad + text.replace(/\s*\n\s*/g, ' ') + pad + fence
}

/** The table as Markdown; the highlighted row is bold. */
export function tableMarkdown({ columns, rows, highlight }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const body = rows.map((row, i) =>
    line(
      row.map((value, c) =>
        i === highlight ? strong(cellMarkdown(value, columns[c])) : cellMarkdown(value, columns[c]),
      ),
    ),
  )
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'))
  return [line(columns.map(({ title }) => escapeMarkdown(title))), line(rule), ...body].join('\n')
}

const strong = (text: string) => (text === '' || text === '–' ? text : `**${text}**`)

function cellMarkdown(value: Cell, { format }: Column): string {
  const shown = formatCell(value, format)
  return format.type === 'code' && value !== null
    ? markdownCode(shown).replaceAll('|', '\\|')
    : escapeMarkdown(shown)
}
