import { series } from '../../../src/visualization/theme.ts'
import { SortHead } from '../../parts/sort-head.tsx'
import { Status } from '../../parts/status.tsx'
import { addressOf } from '../../router.ts'
import { nextOrder, type Order } from './choose.ts'
import { runColumns } from './columns.ts'
import { cellText, type Line } from './represent.ts'

interface RunsTableProps {
  readonly lines: readonly Line[]
  readonly order: Order
  onOrder(order: Order): void
  /** The place of a line among those that are drawn in color; undefined where it is not. */
  placeOf(line: Line): number | undefined
  onChoose(line: Line, isChosen: boolean): void
}

/** Runs with what they were asked for and what came of it; a press on a head sorts by it. */
export function RunsTable({ lines, order, onOrder, placeOf, onChoose }: RunsTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="scroll runs-table" tabIndex={0} aria-label="Runs">
      <table>
        <caption class="unseen">Runs, with a box to draw each in color</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Drawn</span>
            </th>
            {runColumns.map((column) => (
              <SortHead
                key={column.key}
                title={column.title}
                align={column.align}
                sorted={
                  order.key === column.key ? (order.isDescending ? 'descending' : 'ascending') : undefined
                }
                onPress={() => onOrder(nextOrder(column, order))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <RunLine key={line.row.id} line={line} place={placeOf(line)} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function RunLine({
  line,
  place,
  onChoose,
}: {
  readonly line: Line
  readonly place: number | undefined
  onChoose(line: Line, isChosen: boolean): void
}) {
  const { row } = line
  return (
    <tr class={place === undefined ? '' : 'chosen'}>
      <td class="choose">
        <input
          type="checkbox"
          aria-label={`Draw ${row.path}`}
          checked={place !== undefined}
          style={place === undefined ? {} : { accentColor: series(place) }}
          disabled={row.status === 'corrupt'}
          onChange={(event) => onChoose(line, event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={addressOf('runs', { run: row.id })} title={row.path}>
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
