import { formatCell, type Table } from '../../visualization/table.ts'
import { type Canvas, segment } from './canvas.ts'
import type { Fonts, Style } from './fonts.ts'
import { boxesOf, breakable, breakLines, type Line } from './lines.ts'
import { ink, rule, theme, type } from './look.ts'
import { BASELINE, drawLine } from './paragraph.ts'

/** A table whose columns have their widths and whose cells are broken into lines. */
export interface SetTable {
  readonly width: number
  readonly height: number
  readonly draw: (canvas: Canvas, x: number, y: number) => void
}

const { size, leading } = type.table
const GAP = 9
/** Columns of a narrow table are moved apart so far. */
const WIDEST_GAP = 30
const AIR = 2.6

/** The widths that the columns of a table want: its longest cell, or word of its title. */
function wishes({ columns, rows }: Table, fonts: Fonts) {
  return columns.map(({ title, format }, c) => {
    const cells = rows.map((row) => formatCell(row[c], format))
    const style = (i: number): Style => (i < 0 ? 'italic' : 'bold')
    const widest = (texts: readonly string[], i: number) =>
      Math.max(0, ...texts.map((text) => fonts.width(text, style(i), size)))
    const words = (texts: readonly string[]) => texts.flatMap((text) => text.split(' ').flatMap(breakable))
    const most = Math.max(widest(cells, 0), widest(words([title]), -1))
    const broken = Math.max(widest(words(cells), 0), widest(words([title]), -1))
    // A row is known by its first cell, which is kept whole where it is short.
    return { most, least: c === 0 && most < 90 ? most : Math.min(most, 90, broken) }
  })
}

/** How wide a table is where nothing in it is broken, and where all that can be is. */
export function tableWidths(table: Table, fonts: Fonts): { readonly most: number; readonly least: number } {
  const all = wishes(table, fonts)
  const gaps = GAP * (all.length - 1)
  return {
    most: all.reduce((sum, { most }) => sum + most, gaps),
    least: all.reduce((sum, { least }) => sum + least, gaps),
  }
}

function columnWidths(table: Table, fonts: Fonts, width: number): number[] {
  const all = wishes(table, fonts)
  const gaps = GAP * (all.length - 1)
  const over = all.reduce((sum, { most }) => sum + most, 0) + gaps - width
  const slack = all.reduce((sum, { most, least }) => sum + Math.max(0, most - least), 0)
  if (over <= 0) return all.map(({ most }) => most)
  return all.map(
    ({ most, least }) => most - (Math.max(0, most - least) / (slack || 1)) * Math.min(over, slack),
  )
}

/** Sets a table no wider than a measure, with a rule above, one below its head and one at its end. */
export function setTable(table: Table, fonts: Fonts, width: number): SetTable {
  const widths = columnWidths(table, fonts, width)
  const free = width - widths.reduce((sum, w) => sum + w, 0)
  const gap = Math.min(WIDEST_GAP, Math.max(GAP, free / Math.max(1, widths.length - 1)))
  const lefts = widths.map((_, c) => widths.slice(0, c).reduce((sum, w) => sum + w + gap, 0))
  const total = lefts[lefts.length - 1] + widths[widths.length - 1]
  const set = (text: string, style: Style, c: number): Line[] => {
    const setting = { fonts, size, width: widths[c] + 0.1, isJustified: false }
    return breakLines(boxesOf([{ text, style }], setting), setting)
  }
  const head = table.columns.map(({ title }, c) => set(title, 'italic', c))
  const rows = table.rows.map((row, i) =>
    row.map((value, c) =>
      set(formatCell(value, table.columns[c].format), i === table.highlight ? 'bold' : 'regular', c),
    ),
  )
  const heightOf = (cells: readonly Line[][]) =>
    Math.max(1, ...cells.map((lines) => lines.length)) * leading + AIR
  const height = [head, ...rows].reduce((sum, row) => sum + heightOf(row), 0) + 2 * AIR + 2
  const draw = (canvas: Canvas, x: number, y: number) => {
    const across = (at: number, thickness: number) =>
      canvas.path(segment(x, at, x + total, at), undefined, rule(thickness, theme.ink))
    const drawRow = (cells: readonly Line[][], top: number, fromBottom: boolean) => {
      const tallest = Math.max(1, ...cells.map((lines) => lines.length))
      cells.forEach((lines, c) => {
        const down = fromBottom ? tallest - lines.length : 0
        lines.forEach((line, k) => {
          const left = table.columns[c].align === 'right' ? widths[c] - line.width : 0
          const baseline = top + (down + k) * leading + size * BASELINE
          drawLine(canvas, line, x + lefts[c] + left, baseline, { size, fill: ink })
        })
      })
    }
    across(y, 0.8)
    let top = y + AIR + 0.5
    drawRow(head, top, true)
    top += heightOf(head)
    across(top, 0.4)
    top += AIR
    for (const row of rows) {
      drawRow(row, top, false)
      top += heightOf(row)
    }
    across(top, 0.8)
  }
  return { width: total, height, draw }
}
