import { type Cell, type Column, formatCell, type Table } from '../../src/visualization/table.ts'
import { ScrollTable } from './scroll-table.tsx'

interface TableProps {
  readonly table: Table
  readonly caption: string
  /** Whether the caption is for those alone who hear the page. */
  readonly quiet?: boolean
}

function shown(value: Cell, { format }: Column) {
  const text = formatCell(value, format)
  return format.type === 'code' && value !== null ? <code>{text}</code> : text
}

/** A table as the reports have it, from the same data. */
export function DataTable({ table: { columns, rows, highlight }, caption, quiet = false }: TableProps) {
  return (
    <ScrollTable label={caption} shown={!quiet}>
      <thead>
        <tr>
          {columns.map(({ title, align }) => (
            <th key={title} scope="col" class={align}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others], r) => (
          <tr key={String(first) + r} class={r === highlight ? 'highlight' : ''}>
            <th scope="row" class={columns[0].align}>
              {shown(first, columns[0])}
            </th>
            {others.map((value, c) => (
              <td key={columns[c + 1].title} class={columns[c + 1].align}>
                {shown(value, columns[c + 1])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}
