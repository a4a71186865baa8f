import { formatCell } from '../../../src/visualization/table.ts'
import { series } from '../../../src/visualization/theme.ts'
import { ScrollTable } from '../../parts/scroll-table.tsx'
import type { Line } from './represent.ts'
import { differences } from './settings.ts'

/** Settings in which the chosen differ, a row a setting. */
export function Differences({ lines }: { readonly lines: readonly Line[] }) {
  if (lines.length < 2) return null
  const rows = differences(lines.map(({ rows: [first] }) => first))
  const shown = lines.some(({ rows }) => rows.length > 1) ? rows.filter(({ name }) => name !== 'seed') : rows
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">Settings that differ</h2>
      {shown.length === 0 ? (
        <p>The chosen runs have the same settings.</p>
      ) : (
        <ScrollTable label="Settings that differ among the runs drawn in color">
          <thead>
            <tr>
              <th scope="col">Setting</th>
              {lines.map(({ row }, i) => (
                <th key={row.id} scope="col">
                  <span class="swatch" aria-hidden="true" style={{ background: series(i) }} /> {row.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {values.map((value, i) => (
                  <td key={lines[i].row.id}>{formatCell(value ?? null, { type: 'text' })}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </section>
  )
}
