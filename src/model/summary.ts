import { volume } from './layer.ts'
import { type ModelSpec, resolve } from './spec.ts'

export interface SummaryRow {
  readonly name: string
  readonly type: string
  /** With the batch dimension first, as `None`. */
  readonly outputShape: string
  readonly parameters: number
}

export interface Summary {
  readonly name: string
  readonly rows: readonly SummaryRow[]
  readonly total: number
  readonly trainable: number
  readonly nonTrainable: number
}

/** What each layer gives and how many parameters it has. */
export function summarize(spec: ModelSpec): Summary {
  const layers = resolve(spec).nodes.map((node) => ({
    name: node.name,
    type: node.kind.title,
    outputShape: `(${['None', ...node.shape].join(', ')})`,
    parameters: node.parameters.reduce((sum, { shape }) => sum + volume(shape), 0),
    gathered: node.parameters.reduce((sum, p) => sum + (p.role === 'statistic' ? volume(p.shape) : 0), 0),
  }))
  const total = layers.reduce((sum, row) => sum + row.parameters, 0)
  const nonTrainable = layers.reduce((sum, { gathered }) => sum + gathered, 0)
  const rows = layers.map(({ gathered: _, ...row }) => row)
  return { name: spec.name, rows, total, trainable: total - nonTrainable, nonTrainable }
}

/** The number of values that a network's weights hold. */
export const countParameters = (spec: ModelSpec) => summarize(spec).total

/** The table that Keras prints: `Layer (type) | Output Shape | Param #`. */
export function summaryTable(spec: ModelSpec): string {
  const summary = summarize(spec)
  const head = ['Layer (type)', 'Output Shape', 'Param #']
  const body = summary.rows.map((row) => [
    `${row.name} (${row.type})`,
    row.outputShape,
    grouped(row.parameters),
  ])
  const widths = head.map((cell, i) => Math.max(cell.length, ...body.map((row) => row[i].length)))
  const line = (cells: readonly string[]) =>
    `${cells[0].padEnd(widths[0])}  ${cells[1].padEnd(widths[1])}  ${cells[2].padStart(widths[2])}`
  const rule = (mark: string) => mark.repeat(widths[0] + widths[1] + widths[2] + 4)
  return [
    `Model: "${summary.name}"`,
    rule('─'),
    line(head),
    rule('═'),
    ...body.map(line),
    rule('═'),
    `Total params: ${grouped(summary.total)}`,
    `Trainable params: ${grouped(summary.trainable)}`,
    `Non-trainable params: ${grouped(summary.nonTrainable)}`,
  ].join('\n')
}

const grouped = (n: number) => n.toLocaleString('en-US')
