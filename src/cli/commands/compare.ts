import { resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { ComparisonRow } from '../../study/compare.ts'
import type { Command } from '../command.ts'
import { columnsWithin } from '../terminal.ts'

const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? '–' : `${(100 * share).toFixed(2)} %`
const fixed = (x: number | null | undefined) => (x === null || x === undefined ? '–' : x.toFixed(4))

const interval = (i: readonly [number, number] | undefined) =>
  i === undefined ? '–' : `${(100 * i[0]).toFixed(2)} – ${(100 * i[1]).toFixed(2)}`

const head = [
  'run',
  'network',
  'parameters',
  'best epoch',
  'val. loss',
  'val. accuracy',
  'test accuracy',
  '95 % interval',
  'seconds',
]

const figuresOf = (row: ComparisonRow) => [
  row.model,
  row.parameters.toLocaleString('en-US'),
  row.bestEpoch ?? '–',
  fixed(row.validation?.loss),
  percent(row.validation?.accuracy),
  percent(row.test?.accuracy),
  interval(row.test?.interval),
  row.seconds === null ? '–' : row.seconds.toFixed(1),
]

export const compareCommand: Command = {
  name: 'compare',
  args: [{ flags: '<runs...>', text: 'the directories of two or more runs' }],
  summary: 'compare runs: accuracies with intervals, cost, and what differs in their settings',
  flags: [],
  async run({ args: directories, terminal }) {
    if (new Set(directories.map((directory) => resolve(directory))).size < 2) {
      throw new InputError({
        at: 'compare',
        expected: 'two runs or more',
        received: directories.join(' '),
        hint: 'Name the directories of different runs.',
      })
    }
    const { compareRuns } = await import('../../study/compare.ts')
    const { rows, differences, remarks, warnings } = await compareRuns(directories)
    for (const warning of warnings) terminal.warn(warning)
    terminal.document({ runs: rows, differences, remarks })
    const numbers = rows.map((_, i) => `run ${i + 1}`)
    const table = (cells: (string | number)[][]) => columnsWithin(terminal.printWidth, cells)
    terminal.print(
      [
        ...rows.map(({ run }, i) => `run ${i + 1}: ${run}`),
        '',
        table([head, ...rows.map((row, i) => [numbers[i], ...figuresOf(row)])]),
        ...(differences.length === 0
          ? []
          : ['', table([['setting', ...numbers], ...differences.map((d) => [d.setting, ...d.values])])]),
        '',
        ...remarks,
      ].join('\n'),
    )
    return 'done'
  },
}
