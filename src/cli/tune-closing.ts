import { shellQuoted } from '../base/shell.ts'
import { conclusion } from '../search/conclusion.ts'
import { rankedTrials, type SearchRecord, type TrialRecord, varying } from '../search/record.ts'
import { clock, columns } from './terminal.ts'
import { spoken } from './tune-progress.ts'

/** The document of `tune --json`: the results without every step of every trial. */
export const documentOf = (record: SearchRecord, directory: string, seconds: number) => ({
  directory,
  ...record,
  conclusion: conclusion(record),
  seconds,
  trials: record.trials.map(({ steps, values, ...trial }) => trial),
})

const reasons: Readonly<Record<string, string>> = {
  trials: 'All trials are done.',
  exhausted: 'Every point of the space was tried.',
  target: 'The target was reached.',
  patience: 'No improvement within the patience.',
  time: 'The time limit was reached; --resume continues.',
  interrupted: 'Interrupted; finished trials are kept.',
}

/** The best trials as a table. */
function bestTable(record: SearchRecord, most = 5): string {
  const { axes, best } = record
  const differing = new Set(varying(axes).map(({ name }) => name))
  const lineOf = (trial: TrialRecord) => [
    trial.trial,
    spoken(trial.parameters, (name) => differing.has(name)),
    trial.epochs ?? '',
    trial.valLoss?.toFixed(4) ?? '–',
    trial.valAccuracy === undefined ? '–' : `${(100 * trial.valAccuracy).toFixed(2)} %`,
    trial.trial === best?.trial ? '●' : '',
  ]
  return columns([
    ['trial', 'parameters', 'epochs', 'val. loss', 'val. accuracy', ''],
    ...rankedTrials(record).slice(0, most).map(lineOf),
  ])
}

/** What is said at the end of a search. */
export function closing(
  record: SearchRecord,
  { directory, page, seconds }: { directory: string; page: string; seconds: number },
): string {
  const { counts, best, stopReason } = record
  const lines = [
    `${reasons[stopReason] ?? stopReason} ${counts.complete} complete, ${counts.pruned} pruned, ${counts.failed} failed` +
      `${counts.unfinished > 0 ? `, ${counts.unfinished} unfinished` : ''}; ${clock(seconds)}.`,
  ]
  if (best !== undefined) {
    const share = ({ accuracy, ci95 }: NonNullable<typeof best.test>) =>
      `${(100 * accuracy).toFixed(2)} % (95 % interval ${(100 * ci95[0]).toFixed(2)} – ${(100 * ci95[1]).toFixed(2)})`
    lines.push(
      '',
      bestTable(record),
      '',
      conclusion(record),
      `The best was found after ${best.trialsToBest} trials: ${spoken(best.parameters)}`,
    )
    if (best.test) lines.push(`On the test images: ${share(best.test)}`)
    if (best.retrained) lines.push(`Retrained with another seed: ${share(best.retrained.test)}`)
  }
  const mayGoOn = stopReason === 'interrupted' || stopReason === 'time'
  const out = directory.startsWith('runs/search-') ? '' : ` --out ${shellQuoted(directory)}`
  const run = best && `${directory}/${best.run}`
  const next = mayGoOn
    ? [
        `To resume: the same command with --resume${out}`,
        ...(run ? [`To stop here and evaluate the best so far: atelier evaluate ${shellQuoted(run)}`] : []),
      ]
    : [`Its run: ${run ?? '–'}`]
  return [...lines, '', `Figures and tables: ${page}`, ...next].join('\n')
}
