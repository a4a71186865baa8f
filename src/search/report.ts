import { join } from 'node:path'
import { standalone } from '../document/to-markdown.ts'
import { writeFiles } from '../record/files.ts'
import { decimal, duration, percent } from '../visualization/format.ts'
import { serverDocument } from '../visualization/server.ts'
import { drawHistory } from './figures/history.ts'
import { drawImportance, importanceHeight, importanceRows } from './figures/importance.ts'
import { drawIntermediate } from './figures/intermediate.ts'
import { drawParallel } from './figures/parallel.ts'
import { drawSlice } from './figures/slices.ts'
import { drawTimeline, timelineHeight } from './figures/timeline.ts'
import { type SearchRecord, type TrialRecord, varying } from './record.ts'

interface Drawn {
  readonly name: string
  readonly caption: string
  readonly svg: SVGSVGElement
}

/** The figures of a search: what it found, how, and what that depended on. */
export function searchFigures(record: SearchRecord, document: Document): Drawn[] {
  const { trials, best } = record
  const axes = varying(record.axes)
  if (trials.every(({ value }) => value === null)) return []
  const at = best === undefined ? '' : ` The best is trial ${best.trial}.`
  const workers = new Set(trials.map(({ worker }) => worker ?? 0)).size
  const figure = (
    name: string,
    caption: string,
    draw: (frame: { title: string; description: string }) => SVGSVGElement,
  ) => ({
    name,
    caption,
    svg: draw({ title: caption, description: `${caption}${at}` }),
  })
  return [
    figure('history', 'Every trial, and the best so far', (text) =>
      drawHistory(document, record, { ...text, width: 720, height: 320 }),
    ),
    ...(trials.some(({ steps }) => steps.length > 0)
      ? [
          figure('intermediate-values', 'Trials by epoch, with those that were pruned', (text) =>
            drawIntermediate(document, record, { ...text, width: 720, height: 340 }),
          ),
        ]
      : []),
    figure('parallel-coordinates', 'Every trial over all parameters: the darker, the better', (text) =>
      drawParallel(document, record, { ...text, width: 760, height: 340 }),
    ),
    ...axes.map(({ name }) =>
      figure(`slice-${name.replace(/[^\w.-]+/g, '-')}`, `Trials along ${name}`, (text) =>
        drawSlice(document, record, name, { ...text, width: 340, height: 220 }),
      ),
    ),
    ...(record.importance
      ? [
          figure(
            'importance',
            `What the result depended on (fANOVA over ${record.importance.trials} trials)`,
            (text) =>
              drawImportance(document, record, {
                ...text,
                width: 560,
                height: importanceHeight(importanceRows(record).length),
              }),
          ),
        ]
      : []),
    figure('timeline', 'What each worker did when', (text) =>
      drawTimeline(document, record, { ...text, width: 760, height: timelineHeight(workers) }),
    ),
  ]
}

/** Writes the figures and `search.md` beside the results; returns the page's path. */
export async function writeSearchReport(record: SearchRecord, directory: string): Promise<string> {
  const figures = searchFigures(record, serverDocument())
  const files = figures.map(({ name, svg }) => [`figures/${name}.svg`, `${standalone(svg)}\n`] as const)
  const page = 'search.md'
  await writeFiles(directory, new Map([...files, [page, searchMarkdown(record, figures)]]))
  return join(directory, page)
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const shown = (value: unknown) =>
  value === undefined ? '–' : typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value)
const valueText = ({ metric }: SearchRecord, value: number | null) =>
  value === null ? '–' : metric.endsWith('acc') ? percent(value, 2) : decimal(value, 4)

/** Half an interval in the unit of its value: percentage points of an accuracy, nats of a loss. */
const halfText = ({ metric }: SearchRecord, half: number) =>
  metric.endsWith('acc') ? (100 * half).toFixed(2) : decimal(half, 4)

/** A search as Markdown: settings, the winner, the best trials, the figures. */
export function searchMarkdown(
  record: SearchRecord,
  figures: readonly Pick<Drawn, 'name' | 'caption'>[],
): string {
  const { counts, best } = record
  const axes = varying(record.axes)
  const sign = record.direction === 'minimize' ? 1 : -1
  const order = record.trials
    .filter(({ state }) => state === 'complete')
    .sort((a, b) => sign * (a.value! - b.value!) || a.trial - b.trial)
  const line = (trial: TrialRecord) => [
    `${trial.trial}`,
    ...axes.map(({ name }) => shown(trial.parameters[name])),
    shown(trial.loss),
    trial.acc === undefined ? '–' : percent(trial.acc, 2),
    shown(trial.val_loss),
    trial.val_acc === undefined ? '–' : percent(trial.val_acc, 2),
    shown(trial.round_epochs),
    trial.duration === undefined ? '–' : duration(trial.duration),
  ]
  const slices = figures.filter(({ name }) => name.startsWith('slice-'))
  const others = figures.filter(({ name }) => !name.startsWith('slice-'))
  const picture = ({ name, caption }: Pick<Drawn, 'name' | 'caption'>) => `![${caption}](figures/${name}.svg)`
  const parts = [
    `# Search in the space ${record.name}: ${record.dataset}`,
    table(
      ['', ''],
      [
        ['Command', `\`${record.command}\``],
        ['Sampler, pruner, seed', `${record.sampler}, ${record.pruner}, ${record.seed}`],
        [
          'Trials',
          `${counts.complete} complete, ${counts.pruned} pruned, ${counts.failed} failed${counts.unfinished ? `, ${counts.unfinished} unfinished` : ''} (stopped by: ${record.reason})`,
        ],
        ['Training, added up', duration(record.trainingSeconds)],
        ...winnerRows(record),
      ],
    ),
    record.note,
    ...(best === undefined
      ? []
      : [
          '## The best trials',
          table(
            [
              'trial',
              ...axes.map(({ name }) => name),
              'loss',
              'acc',
              'val_loss',
              'val_acc',
              'round_epochs',
              'duration',
            ],
            order.slice(0, 10).map(line),
          ),
        ]),
    '## Figures',
    ...others.map((figure) => `${picture(figure)}\n\n*${figure.caption}.*`),
    slices.map(picture).join('\n'),
    'All trials: `results.csv`, `results.json`; `journal.log` opens in optuna-dashboard.',
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function winnerRows(record: SearchRecord): string[][] {
  const { best } = record
  if (best === undefined) return []
  const half = best.half === undefined ? '' : ` ± ${halfText(record, best.half)} (95 %)`
  const tested = ({ accuracy, loss, interval }: NonNullable<typeof best.test>) =>
    `${percent(accuracy, 2)} (95 % interval ${percent(interval[0], 2)} to ${percent(interval[1], 2)}), loss ${decimal(loss, 4)}`
  return [
    [
      'Best',
      `trial ${best.trial}: ${valueText(record, best.value)}${half} ${record.metric}; rounds to best: ${best.roundsToBest}`,
    ],
    [
      'Its parameters',
      Object.entries(best.parameters)
        .map(([name, value]) => `${name} ${shown(value)}`)
        .join(', '),
    ],
    ...(best.test ? [['On the test images', tested(best.test)]] : []),
    ...(best.retrained ? [['Trained again, another seed', tested(best.retrained.test)]] : []),
  ]
}
