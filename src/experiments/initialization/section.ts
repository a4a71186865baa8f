import { greatest } from '../../base/extremes.ts'
import {
  code,
  type Figure,
  type Panel,
  type Prose,
  paragraph,
  prose,
  reference,
  type Section,
  type Sentence,
  sentence,
} from '../../document/document.ts'
import { counted, decimal, inWords, percent } from '../../visualization/format.ts'
import {
  curvePoints,
  drawComparedCurves,
  epochDomain,
  valueDomain,
} from '../../visualization/learning-curves.ts'
import type { SectionContext } from '../experiment.ts'
import { describeInitializer } from '../initializer-name.ts'
import { drawMultiplication, rangeName } from './multiplication-figure.ts'
import type { InitializationRecord, MultiplicationRecord } from './record.ts'

/** Why the first weights decide whether a deep network learns: by multiplying, and by training. */
export function initializationSection(
  record: InitializationRecord,
  { dom }: Pick<SectionContext, 'dom'>,
): Section {
  return {
    id: 'first-weights',
    rank: 2,
    title: 'Why the first weights matter',
    blocks: [
      paragraph(multiplicationProse(record.multiplication)),
      multiplicationFigure(record.multiplication, dom),
      paragraph(initializationProse(record)),
      initializationFigure(record, dom),
    ],
  }
}

function multiplicationProse(record: MultiplicationRecord): Prose {
  const { size, steps, precision, series } = record
  const factor = ({ low, high }: { low: number; high: number }) => (size * (low + high)) / 2
  const fates = series.map((one): Sentence => {
    const range = `With entries drawn uniformly from ${rangeName(one)} every multiplication changes the product by a factor of about ${plain(factor(one))}`
    if (one.zeroAt !== null)
      return sentence`${range}: after ${one.zeroAt} of them mean and spread are exactly 0.`
    if (one.infiniteAt !== null)
      return sentence`${range}: after ${one.infiniteAt} of them the mean is infinite, and the spread is no number any more.`
    return sentence`${range}; after ${steps} of them it is still a number.`
  })
  return prose(
    sentence`A deep network multiplies what comes in by one matrix after another, and what goes back by the same ones.`,
    sentence`${reference('multiplication')} does only that: a ${size} × ${size} matrix is multiplied by another, ${steps} times, in ${precision}.`,
    ...fates,
    [
      sentence`What is lost at either end does not come back: a signal that has vanished carries no gradient, and one that has overflowed carries none either.`,
      sentence`Which entries keep the product at its size depends on the size of the matrix; to choose them is what initializers are for.`,
    ],
  )
}

/** Two digits that matter: 0.25, 25, 2.5. */
const plain = (x: number) => String(Number(x.toPrecision(2)))

function multiplicationFigure(record: MultiplicationRecord, dom: Document): Figure {
  const { size, steps, series } = record
  const title = `Mean and spread of the product of ${size} × ${size} matrices over ${steps} multiplications`
  const description = series
    .map((one) => {
      const end =
        one.zeroAt !== null
          ? `zero from step ${one.zeroAt}`
          : one.infiniteAt !== null
            ? `infinite from step ${one.infiniteAt}`
            : 'a number to the end'
      return `Entries from ${rangeName(one)}: ${end}`
    })
    .join('; ')
  const draw = (width: number) => drawMultiplication(dom, record, { title, description, width, height: 340 })
  const panel: Panel = { type: 'plot', name: 'multiplication', title, svg: draw(720), narrow: draw(370) }
  const caption = [
    sentence`Mean (solid) and spread (dotted) of all entries of the product after each multiplication, on a logarithmic scale.`,
    sentence`The thick bars stand where there is no logarithm: the figure is 0, infinite (inf) or not a number (nan).`,
  ]
  return { type: 'figure', id: 'multiplication', rank: 5, caption, panels: [panel] }
}

type InitializationRun = InitializationRecord['runs'][number]

/** The training loss after the first and the last epoch, and the best validation accuracy. */
function course({ events }: InitializationRun) {
  const epochs = events.filter((event) => event.type === 'epoch')
  const losses = epochs.flatMap(({ loss }) => (loss === null ? [] : [loss]))
  const accuracies = epochs.flatMap(({ valAccuracy }) => (valAccuracy === null ? [] : [valAccuracy]))
  if (losses.length === 0 || accuracies.length === 0) return undefined
  return { first: losses[0], last: losses[losses.length - 1], accuracy: greatest(accuracies) }
}

function initializationProse(record: InitializationRecord): Prose {
  const { network, runs, epochs, learningRate, batch, seed, classes } = record
  const guess = Math.log(classes)
  const stories = runs.map((run): Sentence => {
    const found = course(run)
    const name = `With ${run.title} weights (${describeInitializer(run.initializer)})`
    if (found === undefined) return sentence`${name} no epoch was completed.`
    const learns = found.last < 0.98 * Math.min(guess, found.first) || found.last < 0.9 * guess
    return learns
      ? sentence`${name} it falls from ${decimal(found.first, 3)} in the first epoch to ${decimal(found.last, 3)} in the last, and ${percent(found.accuracy)} of the validation images are recognized.`
      : sentence`${name} the loss does not diminish: ${decimal(found.first, 3)} in the first epoch, ${decimal(found.last, 3)} in the last, with ${percent(found.accuracy)} of the validation images recognized, no better than a guess.`
  })
  return prose(
    sentence`${reference('initialization')} shows what that does to a network.`,
    sentence`${code(network)} is trained from ${inWords(runs.length)} beginnings for ${counted(epochs, 'epoch')} (Adam, learning rate ${learningRate}, batches of ${batch}, ReLU, seed ${seed}); all else is the same, the order of the images included.`,
    sentence`Who guesses among ${classes} classes has a loss of ln ${classes} = ${decimal(guess, 3)}.`,
    ...stories,
    sentence`He’s initializer gives weights a variance of 2 / fan-in, with which layers of ReLU neither shrink nor swell what passes through them.`,
  )
}

function initializationFigure({ runs, network }: InitializationRecord, dom: Document): Figure {
  const points = curvePoints(runs.map(({ title, events }) => ({ name: title, events })))
  const scales = { epochs: epochDomain(points) }
  const panels = (['loss', 'accuracy'] as const).map((metric): Panel => {
    const split = metric === 'loss' ? 'train' : 'validation'
    const heading = metric === 'loss' ? 'Training loss' : 'Validation accuracy'
    const title = `${heading} of ${network} by epoch and initializer`
    const own = points.filter((p) => p.metric === metric && p.split === split)
    const last = new Map(own.map((p) => [p.run, p.value]))
    const shown = (value: number) => (metric === 'loss' ? decimal(value, 3) : percent(value))
    const description = `At the end: ${[...last].map(([run, value]) => `${run} ${shown(value)}`).join(', ')}`
    const options = {
      ...scales,
      title,
      description,
      heading,
      metric,
      split,
      width: 470,
      height: 270,
    } as const
    const svg = drawComparedCurves(dom, points, { ...options, domain: valueDomain(own, metric) })
    return { type: 'plot', name: `initialization-${metric}`, title, svg }
  })
  const caption = [
    sentence`Loss on the training images and accuracy on the validation images of ${code(network)} after each epoch, by initializer.`,
    sentence`The dot marks the epoch whose weights were kept.`,
  ]
  return { type: 'figure', id: 'initialization', rank: 4, caption, panels }
}
