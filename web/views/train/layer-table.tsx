import type { ModelSpec } from '../../../src/model/spec.ts'
import { summarize } from '../../../src/model/summary.ts'
import { integer } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { DataTable } from '../../parts/table.tsx'

const columns = [
  column.text('Layer'),
  column.text('Kind'),
  column.text('Output shape'),
  column.number('Parameters', { type: 'integer' }),
]

/** What each layer of a network gives and how many parameters it has. */
export function LayerTable({ spec }: { readonly spec: ModelSpec }) {
  const { rows, total } = summarize(spec)
  const cells = rows.map(({ name, type, outputShape, parameters }) => [name, type, outputShape, parameters])
  return <DataTable table={{ columns, rows: cells }} caption={`${integer(total)} parameters`} />
}
