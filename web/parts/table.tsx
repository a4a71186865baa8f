import type { ComponentChildren } from 'preact'
import { formatCell, type Table } from '../../src/visualization/table.ts'

interface TableProps {
  readonly table: Table
  readonly caption: ComponentChildren
  /** Whether the caption is for those alone who hear the page. */
  readonly quiet?: boolean
}

/** A table as the reports have it, from the same data. */
export function DataTable({ table: { columns, rows, highlight }, caption, quiet = false }: TableProps) {
  return (
    <section
      class="scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      aria-label={typeof caption === 'string' ? caption : 'Table'}
    >
      <table>
        <caption class={quiet ? 'unseen' : ''}>{caption}</caption>
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
          {rows.map((row, r) => (
            <tr key={String(row[0]) + r} class={r === highlight ? 'highlight' : ''}>
              {row.map((value, c) => {
                const text = formatCell(value, columns[c].format)
                const shown = columns[c].format.type === 'code' && value !== null ? <code>{text}</code> : text
                return c === 0 ? (
                  <th key={columns[c].title} scope="row" class={columns[c].align}>
                    {shown}
                  </th>
                ) : (
                  <td key={columns[c].title} class={columns[c].align}>
                    {shown}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
