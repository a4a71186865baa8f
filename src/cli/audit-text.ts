import type { AuditFindings } from '../experiments/audit/run.ts'
import { integer, percent } from '../visualization/format.ts'
import { columns, type Terminal } from './terminal.ts'

/** Rows of a list on a screen; the rest is in the files and in `--json`. */
const ROWS = 10

/** What an audit found, as a person reads it in a terminal. */
export function describeAudit(
  found: AuditFindings,
  classNames: readonly string[],
  terminal: Terminal,
): string {
  const blocks = [
    [terminal.bold('Duplicates'), ...describeDuplicates(found, classNames)],
    [terminal.bold('Labels'), ...describeLabels(found, classNames)],
  ]
  const isCut = found.duplicates.pairs.length > ROWS || found.suspects.length > ROWS
  const rest = isCut ? [terminal.dim('The lists are truncated; --out or --json gives them in full.')] : []
  return [...blocks.map((block) => block.join('\n')), ...rest].join('\n\n')
}

function describeDuplicates({ record, duplicates }: AuditFindings, classNames: readonly string[]): string[] {
  const { counts, threshold } = duplicates
  const { shown, nearest } = record.duplicates
  const total = counts.reduce((sum, { exact, near }) => sum + exact + near, 0)
  const table = counts.map(({ between: [a, b], exact, near, conflicting }) => [
    a === b ? `within ${a}` : `${a} and ${b}`,
    integer(exact),
    integer(near),
    integer(conflicting),
  ])
  const pairs = shown
    .slice(0, ROWS)
    .map(({ a, b, distance }) => [
      distance.toFixed(2),
      `${a.split} ${a.index}`,
      classNames[a.label],
      `${b.split} ${b.index}`,
      classNames[b.label],
    ])
  return [
    `Pairs of images at most ${threshold} gray levels apart (root mean square): ${integer(total)}.`,
    ...listed(['between', 'equal', 'near', 'labels differ'], table),
    ...listed(['gray levels', 'image', 'label', 'image', 'label'], pairs),
    ...(nearest === undefined ? [] : ['', describeNearest(nearest)]),
  ]
}

const describeNearest = ({
  deciles,
  accuracy,
}: NonNullable<AuditFindings['record']['duplicates']['nearest']>) =>
  `The nearest training image is ${deciles[5].toFixed(1)} gray levels from a test image in the median; its label is correct for ${percent(accuracy, 2)}.`

function describeLabels({ record, suspects }: AuditFindings, classNames: readonly string[]): string[] {
  const { network, folds, parts, retrained } = record.labels
  const measured = parts.map(({ part, images, suspects: count, accuracy }) => [
    part,
    integer(images),
    integer(count),
    percent(accuracy.all, 2),
    percent(accuracy.without, 2),
  ])
  const doubtful = suspects
    .slice(0, ROWS)
    .map(({ split, index, given, likely, probability, selfConfidence }) => [
      `${split} ${index}`,
      classNames[given],
      classNames[likely],
      probability.toFixed(3),
      selfConfidence.toExponential(1),
    ])
  const again = retrained.map(({ trainedOn, images, validation, test }) => [
    trainedOn === 'all' ? 'with the suspects' : 'without them',
    integer(images),
    percent(validation.all, 2),
    percent(test.all, 2),
  ])
  return [
    `Judged by ${network} in ${folds}-fold cross-validation, each image by the network that was not trained on it (confident learning).`,
    'A suspect is a reason to look, not a verdict.',
    ...listed(['labels', 'images', 'suspected', 'accuracy', 'without suspects'], measured),
    ...listed(['image', 'label', 'likely', 'probability', 'of the label'], doubtful),
    ...listed(['trained', 'images', 'validation', 'test'], again),
  ]
}

/** A table with an empty line above; nothing where there are no rows. */
const listed = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : ['', columns([head, ...rows])]
