import type { ModelSpec } from '../../../src/model/spec.ts'
import { summarize } from '../../../src/model/summary.ts'
import { integer } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { DataTable } from '../../parts/table.tsx'

const columns = [
  column.text('Layer'),
  column.text('Output shape'),
  column.number('Parameters', { type: 'integer' }),
]

/** `(None, 28, 28, 1)` without the batch: 28×28×1. */
const shapeOf = (text: string) => text.replace(/^\(None, |\)$/g, '').replaceAll(', ', '×')

/** The output shape and the number of parameters of each layer of a network. */
export function LayerTable({ spec }: { readonly spec: ModelSpec }) {
  const { rows, total } = summarize(spec)
  const cells = rows.map(({ name, outputShape, parameters }) => [name, shapeOf(outputShape), parameters])
  return <DataTable table={{ columns, rows: cells }} caption={`${integer(total)} parameters`} />
}
