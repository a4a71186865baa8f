import { greatest, least } from '../../../base/extremes.ts'
import {
  type Block,
  type Figure,
  type Prose,
  paragraph,
  phrase,
  reference,
  type Section,
  sentence,
} from '../../../document/document.ts'
import { doubledSoftmaxFloor } from '../../../experiments/doubled-softmax/softmax-gradient.ts'
import { comparisonRows } from '../../../visualization/comparison.ts'
import { costHeight, drawCost } from '../../../visualization/cost.ts'
import { decimal, integer, percent } from '../../../visualization/format.ts'
import { type Cell, type Column, column, type Format, type Table } from '../../../visualization/table.ts'
import { findRecord, type NetworkRecord, type StudyRecord } from '../../record.ts'
import * as facts from '../facts.ts'
import { compared } from './found.ts'

/** The table of results with the reference's figures beside ours, and what the accuracy cost. */
export function results(study: StudyRecord, dom: Document): Section {
  const blocks: Block[] = [
    paragraph(intro(study)),
    { type: 'table', id: 'test-results', rank: 0, caption: caption(study), table: resultsTable(study) },
    ...doubledSoftmaxNote(study),
    ...costFigure(study, dom),
  ]
  return { id: 'results', rank: 0, title: 'Results', blocks }
}

function intro(study: StudyRecord): Prose {
  const all = phrase`${reference('test-results')} holds the figures of the one evaluation on the test images`
  return facts.tested(study).length < 2
    ? [sentence`${all}.`]
    : [sentence`${all}.`, sentence`${reference('cost')} sets accuracy against time.`]
}

const hasReference = ({ networks }: StudyRecord) =>
  networks.some((network) => network.reference !== undefined)

function caption(study: StudyRecord): Prose {
  const theirs = hasReference(study) ? '; the reference’s figures are those of the 2020 study' : ''
  const points = hasReference(study) ? ', differences in percentage points' : ''
  return [
    sentence`Loss and accuracy on ${integer(study.dataset.counts.test)} test images.`,
    sentence`± is half the 95 % interval (Wilson)${theirs}${points}.`,
    ...(facts.tested(study).length > 1 ? [sentence`The network chosen by validation is highlighted.`] : []),
  ]
}

interface ResultColumn {
  readonly column: Column
  readonly value: (network: NetworkRecord) => Cell
}

const numbers = (title: string, format: Format, value: ResultColumn['value']): ResultColumn => ({
  column: column.number(title, format),
  value,
})

const percentage: Format = { type: 'percent', digits: 2 }
const loss: Format = { type: 'decimal', digits: 4 }

const ownAccuracy = ({ test }: NetworkRecord) => (test === null ? 'failed' : facts.accuracyWithInterval(test))

function resultColumns(study: StudyRecord): ResultColumn[] {
  const difference = numbers('Difference', { type: 'signed', digits: 2 }, facts.pointsAbove)
  const theirAccuracy = numbers('Reference accuracy', percentage, (n) => n.reference?.accuracy ?? null)
  const theirLoss = numbers('Reference loss', loss, (n) => n.reference?.loss ?? null)
  return [
    { column: column.text('Network'), value: (n) => n.title },
    numbers('Test accuracy', percentage, ownAccuracy),
    ...(hasReference(study) ? [theirAccuracy, difference] : []),
    numbers('Test loss', loss, (n) => n.test?.loss ?? null),
    ...(hasReference(study) ? [theirLoss] : []),
    numbers('Parameters', { type: 'integer' }, (n) => n.parameters),
    numbers('Seconds', { type: 'decimal', digits: 1 }, (n) => n.seconds),
    numbers('Images/s', { type: 'integer' }, (n) => facts.finished(n.events)?.imagesPerSecond ?? null),
  ]
}

function resultsTable(study: StudyRecord): Table {
  const columns = resultColumns(study)
  const chosen = facts.tested(study).length > 1 ? facts.best(study) : undefined
  return {
    columns: columns.map((c) => c.column),
    rows: study.networks.map((network) => columns.map((c) => c.value(network))),
    ...(chosen === undefined ? {} : { highlight: study.networks.indexOf(chosen) }),
  }
}

/** Why the reference's losses look as they do; only where they do. */
function doubledSoftmaxNote(study: StudyRecord): Block[] {
  const { networks, dataset } = study
  const losses = networks.flatMap(({ reference: their }) => (their === undefined ? [] : [their.loss]))
  const floor = doubledSoftmaxFloor(dataset.classNames.length)
  if (losses.length === 0 || least(losses) < floor) return []
  if (findRecord(study, 'doubled-softmax')) {
    const text = [
      sentence`The losses of the two studies are not on one scale: the reference’s are those of a softmax applied twice, which ${reference('softmax-gradient')} and what stands beside it explain.`,
      sentence`Accuracies can be compared, losses cannot.`,
    ]
    return [{ type: 'note', prose: text }]
  }
  const range = `${decimal(least(losses), 2)} to ${decimal(greatest(losses), 2)}`
  return [
    {
      type: 'note',
      prose: [
        sentence`The losses of the two studies are not on one scale.`,
        sentence`Run again, the reference shows a softmax applied twice: once as the output’s activation, and again in a loss that took its input for logits.`,
        sentence`Even a perfect classifier then has a loss of ln(1 + ${dataset.classNames.length - 1}/e) = ${decimal(floor, 4)}, which is why its losses of ${range} go with fair accuracies; the gradients saturate, and some of its networks never predict certain classes at all.`,
        sentence`Accuracies can be compared, losses cannot.`,
      ],
    },
  ]
}

function costFigure(study: StudyRecord, dom: Document): Block[] {
  const rows = comparisonRows(compared(study))
  if (rows.length < 2) return []
  const title = 'Test accuracy against seconds of training'
  const description = rows
    .map((row) => `${row.name}: ${decimal(row.seconds, 1)} s, ${percent(row.accuracy, 2)}`)
    .join('; ')
  const draw = (width: number) =>
    drawCost(dom, rows, { title, description, width, height: costHeight(rows, width) })
  const caption = [
    sentence`What the accuracy cost: test accuracy with its 95 % interval against the seconds of training on ${facts.threadsOf(study.networks)}, on a logarithmic scale.`,
    sentence`Up and to the left is better.`,
  ]
  const figure: Figure = {
    type: 'figure',
    id: 'cost',
    rank: 10,
    caption,
    panels: [{ type: 'plot', name: 'cost', title, svg: draw(720), narrow: draw(370) }],
  }
  return [figure]
}
