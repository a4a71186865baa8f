import { integer } from '../src/visualization/format.ts'
import { verdict } from './bars.ts'
import type { InferenceResult } from './inference.ts'
import type { KernelResult } from './kernels.ts'
import type { NetworkResult } from './networks.ts'

/** Rows of cells, the first of them the head. */
export type Table = readonly (readonly string[])[]

/** Three digits that count. */
const short = (x: number) =>
  x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x >= 1 ? x.toFixed(2) : x.toFixed(3)
const percent = (x: number | null) => (x === null ? '' : `${(100 * x).toFixed(0)} %`)
const times = (x: number | undefined) => (x === undefined ? '' : `${x.toFixed(2)} ×`)

/** Ours beside the better of PyTorch's two, a line a network. */
export function verdictTable(results: readonly NetworkResult[]): Table {
  const rows = results.map((result) => {
    const { ours, pytorch, ...rest } = verdict(result)
    return [
      rest.network,
      short(ours.milliseconds.median),
      pytorch ? short(pytorch.milliseconds.median) : '',
      pytorch ? pytorch.engine.replace(/^PyTorch, /, '') : 'not here',
      times(rest.ratio),
      rest.bar === undefined ? '' : `${rest.bar} ×`,
      rest.word,
      times(rest.strictRatio),
      times(rest.scaling),
      percent(ours.share),
    ]
  })
  const head = [
    'network',
    'ours ms',
    'PyTorch ms',
    'on',
    'ratio',
    'bar',
    '',
    'strict',
    '1→2 threads',
    'of peak',
  ]
  return [head, ...rows]
}

/** Every engine, a line each. */
export function stepTable({ network, steps }: NetworkResult): Table {
  const rows = steps.map(({ engine, milliseconds: { median, low, high }, ...step }) => [
    engine,
    short(median),
    `${short(low)}–${short(high)}`,
    integer(step.imagesPerSecond),
    short(step.gflops),
    percent(step.share),
  ])
  return [[network, 'ms a step', 'quartiles', 'images/s', 'GFLOP/s', 'of peak'], ...rows]
}

/** Every kernel on one thread and on two, side by side. */
export function kernelTable(results: readonly KernelResult[]): Table {
  const cells = ({ microseconds, gflops, share }: KernelResult) => [
    short(microseconds),
    gflops === null ? '' : short(gflops),
    percent(share),
  ]
  const rows = results
    .filter(({ threads }) => threads === 1)
    .map((one) => {
      const two = results.find(
        ({ operation, shape, threads }) =>
          threads === 2 && operation === one.operation && shape === one.shape,
      )
      return [one.operation, one.shape, ...cells(one), ...(two ? cells(two) : ['', '', ''])]
    })
  return [['kernel', 'shape', 'µs, 1', 'GFLOP/s', 'of peak', 'µs, 2', 'GFLOP/s', 'of peak'], ...rows]
}

export function inferenceTable(results: readonly InferenceResult[]): Table {
  const rows = results.map(
    ({ engine, network, batch, milliseconds: { median, low, high }, imagesPerSecond }) => [
      `${network}, batch ${batch}`,
      engine,
      short(median),
      `${short(low)}–${short(high)}`,
      integer(imagesPerSecond),
    ],
  )
  return [['inference', 'engine', 'ms', 'quartiles', 'images/s'], ...rows]
}

const isNumeric = (cell: string) => /^$|^-?[\d.,]+(–[\d.,]+)?( [×%])?$/.test(cell)

/** For a terminal: columns padded, numbers to the right. */
export function plain(table: Table): string {
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)))
  const numeric = table[0].map((_, i) => table.slice(1).every((row) => isNumeric(row[i])))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  return table.map(line).join('\n')
}

/** For Markdown. */
export function markdown(table: Table): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const rule = table[0].map((_, i) => (table.slice(1).every((row) => isNumeric(row[i])) ? '--:' : '---'))
  return [line(table[0]), line(rule), ...table.slice(1).map(line)].join('\n')
}
