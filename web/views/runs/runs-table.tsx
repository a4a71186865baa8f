import { series } from '../../../src/visualization/theme.ts'
import { hrefOf } from '../../base/router.ts'
import type { Order } from '../../parts/order.ts'
import { ScrollTable } from '../../parts/scroll-table.tsx'
import { SortHead } from '../../parts/sort-head.tsx'
import { Status } from '../../parts/status.tsx'
import { nextOrder } from './choose.ts'
import { runColumns } from './columns.ts'
import { cellText, type Line } from './represent.ts'

interface RunsTableProps {
  readonly lines: readonly Line[]
  readonly order: Order
  onOrder(order: Order): void
  /** The number of a line's color; undefined where it is not drawn in color. */
  colorOf(line: Line): number | undefined
  onChoose(line: Line, isChosen: boolean): void
}

/** Runs with what they were asked for and what came of it; a press on a head sorts by it. */
export function RunsTable({ lines, order, onOrder, colorOf, onChoose }: RunsTableProps) {
  return (
    <ScrollTable label="Runs" caption="Runs, with a box to draw each in color" class="runs-table">
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">Drawn</span>
          </th>
          {runColumns.map((column) => (
            <SortHead
              key={column.key}
              column={column}
              order={order}
              onPress={() => onOrder(nextOrder(column, order))}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <RunLine key={line.row.id} line={line} color={colorOf(line)} onChoose={onChoose} />
        ))}
      </tbody>
    </ScrollTable>
  )
}

function RunLine({
  line,
  color,
  onChoose,
}: {
  readonly line: Line
  readonly color: number | undefined
  onChoose(line: Line, isChosen: boolean): void
}) {
  const { row } = line
  return (
    <tr class={color === undefined ? '' : 'chosen'}>
      <td class="choose">
        <input
          type="checkbox"
          aria-label={`Draw ${row.path}`}
          checked={color !== undefined}
          style={color === undefined ? {} : { accentColor: series(color) }}
          disabled={row.status === 'corrupt'}
          onChange={(event) => onChoose(line, event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={hrefOf('runs', { run: row.id })} title={row.path}>
          {cellText(line, runColumns[0])}
        </a>
      </th>
      {row.status === 'corrupt' ? (
        <>
          <td>
            <Status status={row.status} />
          </td>
          <td colSpan={runColumns.length - 2} class="fault">
            {row.error}
          </td>
        </>
      ) : (
        runColumns.slice(1).map((column) => (
          <td key={column.key} class={column.align}>
            {column.key === 'status' ? <Status status={row.status} /> : cellText(line, column)}
          </td>
        ))
      )}
    </tr>
  )
}
