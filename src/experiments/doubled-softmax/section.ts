import {
  type Block,
  type Figure,
  type Panel,
  type Prose,
  paragraph,
  prose,
  reference,
  type Section,
  sentence,
  strong,
} from '../../document/document.ts'
import { counted, decimal, enumeration, integer, inWords, percent } from '../../visualization/format.ts'
import { type Cell, column, type Format, type Table } from '../../visualization/table.ts'
import type { SectionContext } from '../experiment.ts'
import { isReferenceData, type ReferenceResult, referenceResults } from '../reference.ts'
import { deadByEpoch, deadClassesHeight, drawDeadClasses, predictedCells } from './dead-classes.ts'
import type { DoubledSoftmaxRecord, DoubledSoftmaxRun } from './record.ts'
import {
  doubledSoftmaxFloor,
  drawSoftmaxGradient,
  hardestPull,
  softmaxGradient,
  softmaxGradientRows,
} from './softmax-gradient.ts'

/** The reference's figures for a network, where the data are its. */
type TheirsOf = (run: DoubledSoftmaxRun) => ReferenceResult | undefined

/** What the reference’s losses hide: softmax applied twice, what it does to gradients, and the classes that die of it. */
export function doubledSoftmaxSection(
  record: DoubledSoftmaxRecord,
  { dataset, dom }: Pick<SectionContext, 'dom'> & { readonly dataset: { readonly hash: string } },
): Section {
  const theirsOf: TheirsOf = ({ network }) =>
    isReferenceData(dataset) ? referenceResults[network] : undefined
  const blocks: Block[] = [
    paragraph(cause(record, theirsOf)),
    gradientFigure(record, dom),
    paragraph(effect(record)),
    ...deadFigure(record, dom),
    {
      type: 'table',
      id: 'doubled-softmax-results',
      rank: 4,
      caption: tableCaption(record),
      table: resultsTable(record, theirsOf),
    },
    ...conclusion(record, theirsOf),
  ]
  return { id: 'doubled-softmax', rank: 2, title: 'Softmax applied twice', blocks }
}

const isTwice = ({ loss }: DoubledSoftmaxRun) => loss === 'softmax-twice'

function cause(record: DoubledSoftmaxRecord, theirsOf: TheirsOf): Prose {
  const classes = record.classNames.length
  const floor = doubledSoftmaxFloor(classes)
  const losses = record.runs.flatMap((run) => theirsOf(run)?.loss ?? [])
  const range = `${decimal(Math.min(...losses), 2)} to ${decimal(Math.max(...losses), 2)}`
  const puzzle =
    losses.length === 0
      ? sentence`Some programs apply softmax twice.`
      : [
          sentence`The reference reports losses of ${range} beside accuracies that do not fit them.`,
          sentence`They fit a network to which softmax is applied twice.`,
        ]
  return prose(
    puzzle,
    sentence`The output layer turns its logits into probabilities, and the loss, which expects logits, turns these into probabilities again.`,
    sentence`The second softmax sees numbers between 0 and 1 only: where the network is entirely sure and right, it sees one 1 and ${inWords(classes - 1)} zeros, and its loss is ln(1 + ${classes - 1}/e) = ${strong(decimal(floor, 4))}.`,
    sentence`No network can have less.`,
  )
}

function effect({ classNames }: DoubledSoftmaxRecord): Prose {
  const classes = classNames.length
  const most = hardestPull(softmaxGradientRows(classes))
  const wrong = softmaxGradient(0.01, classes)
  return [
    sentence`The slip costs more than a readable loss.`,
    sentence`${reference('softmax-gradient')} shows how hard the loss pulls at the logit of the true class.`,
    sentence`With softmax once the pull is 1 − p: the more wrong, the stronger.`,
    sentence`With softmax twice the gradient is multiplied by the slope of the first softmax, p(1 − p), and is nothing where the network is surely wrong.`,
    sentence`At a probability of ${percent(wrong.confidence, 0)} it pulls with ${wrong.twice.toFixed(4)} in place of ${decimal(wrong.once, 2)}, ${integer(wrong.once / wrong.twice)} times less; even at its best, at ${percent(most.confidence, 0)}, with no more than ${decimal(most.twice, 2)}.`,
    sentence`A class that loses its probability early has no way back: it dies.`,
  ]
}

function gradientFigure({ classNames }: DoubledSoftmaxRecord, dom: Document): Figure {
  const classes = classNames.length
  const rows = softmaxGradientRows(classes)
  const title = 'Gradient by the true class’s logit against its probability'
  const most = hardestPull(rows)
  const description = `Softmax once: from 1 down to 0 in a straight line. Softmax twice: 0 at both ends, at most ${decimal(most.twice, 2)} at ${percent(most.confidence, 0)}`
  const draw = (width: number) => drawSoftmaxGradient(dom, rows, { title, description, width, height: 300 })
  const caption = [
    sentence`How hard the loss pulls at the true class’s logit (the negative gradient), by the probability that the network gives that class; the other ${inWords(classes - 1)} share the rest evenly.`,
  ]
  const panel: Panel = { type: 'plot', name: 'softmax-gradient', title, svg: draw(560), narrow: draw(370) }
  return { type: 'figure', id: 'softmax-gradient', rank: 5, caption, panels: [panel] }
}

/** The doubled runs, the one with most deaths of each network first; at most one a network. */
function shownRuns({ runs }: DoubledSoftmaxRecord): DoubledSoftmaxRun[] {
  const deaths = ({ predicted }: DoubledSoftmaxRun) => deadByEpoch(predicted).at(-1)?.dead.length ?? 0
  const doubled = runs.filter((run) => isTwice(run) && run.predicted.length > 0)
  return [...new Set(doubled.map(({ network }) => network))].map((network) =>
    doubled.filter((run) => run.network === network).reduce((a, b) => (deaths(b) > deaths(a) ? b : a)),
  )
}

function deadFigure(record: DoubledSoftmaxRecord, dom: Document): Block[] {
  const { classNames } = record
  const panels = shownRuns(record).map(({ network, title: name, predicted, seed }): Panel => {
    const title = `Predictions of ${name}, softmax twice, seed ${seed}, class by class`
    const dead = deadByEpoch(predicted).at(-1)?.dead ?? []
    const description =
      dead.length === 0
        ? 'At the end every class is predicted'
        : `At the end never predicted: ${enumeration(dead.map((c) => classNames[c]))}`
    const size = { width: 470, height: deadClassesHeight(classNames.length) }
    const heading = `${name}, seed ${seed}`
    const options = { title, description, heading, classNames, ...size }
    return {
      type: 'plot',
      name: `dead-${network}`,
      title,
      svg: drawDeadClasses(dom, predictedCells(predicted), options),
    }
  })
  if (panels.length === 0) return []
  const caption = [
    sentence`How often each class is predicted on the validation images after each epoch, with softmax twice: the bluer, the oftener; orange where no image at all is given to the class.`,
  ]
  return [{ type: 'figure', id: 'dead-classes', rank: 5, caption, panels }]
}

function tableCaption({ epochs, learningRate, momentum, batch }: DoubledSoftmaxRecord): Prose {
  return [
    sentence`The same networks with softmax once and twice: ${counted(epochs, 'epoch')}, SGD, learning rate ${learningRate}, Nesterov momentum ${momentum}, batches of ${batch}.`,
    sentence`Loss and accuracy are on the test images, the loss as it was trained with; never predicted are the classes that no test image was given to.`,
  ]
}

interface ResultColumn {
  readonly column: { readonly title: string; readonly format: Format; readonly align: 'left' | 'right' }
  readonly value: (run: DoubledSoftmaxRun) => Cell
}

function resultsTable({ runs, classNames }: DoubledSoftmaxRecord, theirsOf: TheirsOf): Table {
  const numbers = (title: string, format: Format, value: ResultColumn['value']): ResultColumn => ({
    column: column.number(title, format),
    value,
  })
  const words = (title: string, value: ResultColumn['value']): ResultColumn => ({
    column: column.text(title),
    value,
  })
  const loss: Format = { type: 'decimal', digits: 4 }
  const accuracy: Format = { type: 'percent', digits: 2 }
  const theirs = (run: DoubledSoftmaxRun) => (isTwice(run) ? theirsOf(run) : undefined)
  const hasTheirs = runs.some((run) => theirs(run) !== undefined)
  const columns = [
    words('Network', (run) => run.title),
    words('Softmax', (run) => (isTwice(run) ? 'twice' : 'once')),
    numbers('Seed', { type: 'text' }, ({ seed }) => seed),
    numbers('Test loss', loss, ({ test }) => test?.loss ?? null),
    ...(hasTheirs ? [numbers('Reference loss', loss, (run) => theirs(run)?.loss ?? null)] : []),
    numbers('Test accuracy', accuracy, ({ test }) => test?.accuracy ?? 'failed'),
    ...(hasTheirs ? [numbers('Reference accuracy', accuracy, (run) => theirs(run)?.accuracy ?? null)] : []),
    words('Never predicted', ({ test }) => deadNames(test?.neverPredicted, classNames)),
  ]
  return {
    columns: columns.map((c) => c.column),
    rows: runs.map((run) => columns.map((c) => c.value(run))),
  }
}

const deadNames = (dead: readonly number[] | undefined, classNames: readonly string[]) =>
  dead === undefined ? null : dead.length === 0 ? 'none' : enumeration(dead.map((c) => classNames[c]))

/** What the runs show together; nothing where too few came to an end. */
function conclusion(record: DoubledSoftmaxRecord, theirsOf: TheirsOf): Block[] {
  const all = record.runs.filter((run) => run.test !== null)
  const twice = all.filter(isTwice)
  const once = all.filter((run) => !isTwice(run))
  if (twice.length === 0 || once.length === 0) return []
  const accuracies = (runs: readonly DoubledSoftmaxRun[]) => runs.map(({ test }) => test?.accuracy ?? 0)
  const range = (runs: readonly DoubledSoftmaxRun[]) => {
    const [low, high] = [Math.min(...accuracies(runs)), Math.max(...accuracies(runs))]
    return low === high ? percent(low) : `${percent(low)} to ${percent(high)}`
  }
  const dying = twice.filter(({ test }) => (test?.neverPredicted.length ?? 0) > 0)
  const many = `${inWords(twice.length)} ${twice.length === 1 ? 'run' : 'runs'}`
  const share = 1 / record.classNames.length
  const deaths =
    dying.length === 0
      ? sentence`In none of the ${many} with softmax twice did a class die for good.`
      : sentence`In ${inWords(dying.length)} of the ${many} with softmax twice a class died for good; each takes up to ${percent(share, 0)} of the accuracy with it.`
  return [
    paragraph(
      prose(
        sentence`${reference('doubled-softmax-results')} repeats the slip on purpose.`,
        sentence`With softmax once the networks recognize ${range(once)} of the test images, with softmax twice ${range(twice)}.`,
        deaths,
        nearest(twice, theirsOf),
        sentence`Which classes die is decided by the dice of the first steps, not by the network’s size: a ranking made of such runs ranks the dice.`,
      ),
    ),
  ]
}

/** The doubled run that comes nearest to what the reference reports of the same network. */
function nearest(twice: readonly DoubledSoftmaxRun[], theirsOf: TheirsOf): Prose {
  const gaps = twice.flatMap((run) => {
    const [{ test }, their] = [run, theirsOf(run)]
    if (test === null || their === undefined) return []
    return [{ run, test, their, gap: Math.abs(test.accuracy - their.accuracy) }]
  })
  const [best] = gaps.sort((a, b) => a.gap - b.gap)
  if (best === undefined) return []
  return [
    sentence`Nearest to the reference comes ${best.run.title} (seed ${best.run.seed}): loss ${decimal(best.test.loss, 4)} and accuracy ${percent(best.test.accuracy, 2)}, where the reference reports ${decimal(best.their.loss, 4)} and ${percent(best.their.accuracy, 2)}.`,
  ]
}
