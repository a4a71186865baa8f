import { resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { testLabels } from '../../evaluation/after-evaluation.ts'
import type { ComparisonRow } from '../../runs/compare.ts'
import { compareRuns } from '../../runs/compare.ts'
import type { LabelsOf, TestedComparison } from '../../runs/compare-tested.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadRecorded } from '../data.ts'
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
  interval(row.test?.ci95),
  row.seconds.toFixed(1),
]

const points = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(2)}`
const pText = (p: number) => (p < 0.0001 ? '< 0.0001' : p.toFixed(4))
const verdict = (isApart: boolean) => (isApart ? 'distinguishable' : 'not distinguishable')

/** Every pair with its test: which of the runs differ by more than chance. */
function pairTables(
  { comparison, runs }: TestedComparison,
  {
    directories,
    table,
  }: { readonly directories: readonly string[]; readonly table: (cells: string[][]) => string },
): string[] {
  const numbersOf = (group: readonly string[]) =>
    `run${group.length > 1 ? 's' : ''} ${group.map((run) => directories.indexOf(run) + 1).join(', ')}`
  const names = new Map(comparison.classifiers.map(({ name }, i) => [name, numbersOf(runs[i])]))
  const first = (name: string) => `run ${directories.indexOf(name) + 1}`
  const { classifiers, pairs, testSet } = comparison
  const several = classifiers.filter(({ overSeeds }) => overSeeds !== undefined)
  const overSeeds = pairs.flatMap(({ a, b, overSeeds: test }) => (test ? [{ a, b, test }] : []))
  return [
    '',
    table([
      ['pair', 'points', '95 % interval', 'p (McNemar)', 'p (Holm)', 'verdict'],
      ...pairs.map(({ a, b, difference, ci95: range, pValue, adjustedPValue, distinguishable }) => [
        `${first(a)} − ${first(b)}`,
        points(difference),
        `${points(range[0])} … ${points(range[1])}`,
        pText(pValue),
        pText(adjustedPValue),
        verdict(distinguishable),
      ]),
    ]),
    ...(several.length === 0
      ? []
      : [
          '',
          table([
            ['over seeds', 'mean accuracy', '± 95 %'],
            ...several.map(({ name, overSeeds }) => [
              names.get(name)!,
              percent(overSeeds!.mean),
              (100 * overSeeds!.ci95HalfWidth).toFixed(2),
            ]),
          ]),
        ]),
    ...(overSeeds.length === 0
      ? []
      : [
          '',
          table([
            ['over seeds', 'points', '± 95 %', 'test', 'p', 'p (Holm)', 'verdict'],
            ...overSeeds.map(({ a, b, test }) => [
              `${names.get(a)} − ${names.get(b)}`,
              points(test.difference),
              (100 * test.ci95HalfWidth).toFixed(2),
              test.test,
              pText(test.pValue),
              pText(test.adjustedPValue),
              verdict(test.distinguishable),
            ]),
          ]),
        ]),
    '',
    `With ${testSet.images.toLocaleString('en-US')} test images, the difference of two networks like these is significant from about ${(100 * testSet.smallestDifference).toFixed(2)} points on` +
      (pairs.length === 1
        ? '.'
        : `, from ${(100 * testSet.smallestAfterCorrection).toFixed(2)} points on whatever the other pairs say.`),
    ...(several.length > 0
      ? []
      : ['One run each: this holds for these weights and says nothing about other seeds.']),
  ]
}

/** Reads the data of a record again for their labels. */
const labelsFrom =
  ({ terminal, signal }: Pick<Invocation, 'terminal' | 'signal'>): LabelsOf =>
  async (run) => {
    try {
      return testLabels((await loadRecorded(run, terminal, signal)).dataset.test)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      terminal.warn(`${error.message}\nThe runs are not compared image by image.`)
      return undefined
    }
  }

export async function run({ args: directories, terminal, signal }: Invocation): Promise<Outcome> {
  if (new Set(directories.map((directory) => resolve(directory))).size < 2) {
    throw new InputError({
      at: 'compare',
      expected: 'two runs or more',
      received: directories.join(' '),
      hint: 'Name the directories of different runs.',
    })
  }
  const { rows, differences, tested, remarks, warnings } = await compareRuns(
    directories,
    labelsFrom({ terminal, signal }),
  )
  for (const warning of warnings) terminal.warn(warning)
  terminal.document({ runs: rows, differences, comparison: tested?.comparison ?? null, remarks })
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
      ...(tested === undefined ? [] : pairTables(tested, { directories, table })),
      '',
      ...remarks,
    ].join('\n'),
  )
  return 'done'
}
