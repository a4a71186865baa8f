import {
  type Block,
  code,
  type Figure,
  offPaper,
  type Panel,
  type Prose,
  paragraph,
  phrase,
  prose,
  reference,
  type Section,
  type Sentence,
  sentence,
} from '../document/document.ts'
import { capitalized, inWords } from '../study/report/facts.ts'
import { counted, decimal, enumeration, integer, percent } from '../visualization/format.ts'
import {
  curvePoints,
  drawComparedCurves,
  epochDomain,
  valueDomain,
} from '../visualization/learning-curves.ts'
import { column, type Table } from '../visualization/table.ts'
import { drawGradientNorms, gradientPoints, normDomain } from './activations/gradient-norms.ts'
import { drawMultiplication, powerOfTen, rangeName } from './initialization/multiplication-figure.ts'
import type {
  ActivationsRecord,
  InitializationRecord,
  LabRecord,
  MultiplicationRecord,
} from './lab-record.ts'

/** Why the first weights decide whether a deep network learns: by multiplying, by training, by looking at gradients. */
export function lab(record: LabRecord, dom: Document): Section {
  const blocks: Block[] = [
    paragraph(multiplicationProse(record.multiplication)),
    multiplicationFigure(record.multiplication, dom),
    paragraph(initializationProse(record.initialization)),
    initializationFigure(record.initialization, dom),
    paragraph(activationsProse(record.activations)),
    gradientFigure(record.activations, dom),
    gradientTable(record.activations),
  ]
  return { id: 'lab', rank: 2, title: 'Why the first weights matter', blocks }
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
  return { first: losses[0], last: losses[losses.length - 1], accuracy: Math.max(...accuracies) }
}

function initializationProse(record: InitializationRecord): Prose {
  const { network, runs, epochs, optimizer, batch, seed, classes } = record
  const guess = Math.log(classes)
  const stories = runs.map((run): Sentence => {
    const found = course(run)
    const name = `With ${run.title} weights (${run.initializer})`
    if (found === undefined) return sentence`${name} no epoch was completed.`
    const learns = found.last < 0.98 * Math.min(guess, found.first) || found.last < 0.9 * guess
    return learns
      ? sentence`${name} it falls from ${decimal(found.first, 3)} in the first epoch to ${decimal(found.last, 3)} in the last, and ${percent(found.accuracy)} of the validation images are recognized.`
      : sentence`${name} the loss does not diminish: ${decimal(found.first, 3)} in the first epoch, ${decimal(found.last, 3)} in the last, with ${percent(found.accuracy)} of the validation images recognized, no better than a guess.`
  })
  return prose(
    sentence`${reference('initialization')} shows what that does to a network.`,
    sentence`${code(network)} is trained from ${inWords(runs.length)} beginnings for ${counted(epochs, 'epoch')} (${optimizer}, batches of ${batch}, ReLU, seed ${seed}); all else is the same, the order of the images included.`,
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

type ActivationRun = ActivationsRecord['runs'][number]

/** The gradients at the end of a run: that of the layer next to the input, and the output’s. */
function ends({ rows }: ActivationRun) {
  const norms = rows[rows.length - 1]?.norms ?? []
  return { input: norms[0] ?? null, output: norms[norms.length - 1] ?? null }
}

function activationsProse(record: ActivationsRecord): Prose {
  const { network, runs, steps, learningRate, batch } = record
  const stories = runs.map((run): Sentence => {
    const { input, output } = ends(run)
    const last = run.rows[run.rows.length - 1]?.loss
    if (!input || !output || last === undefined || last === null)
      return sentence`With ${run.title} no gradient is left.`
    const share =
      input < output
        ? phrase`the layer next to the input receives a gradient ${times(output / input)} smaller than the output’s`
        : phrase`the layer next to the input receives a gradient no smaller than the output’s (${times(input / output)} larger)`
    return sentence`With ${run.title} (${run.initializer}) ${share} at the end, and the loss has come to ${decimal(last, 3)}.`
  })
  return prose(
    sentence`The activation matters as much.`,
    sentence`${reference('gradient-norms')} follows the length of the gradient of every layer of ${code(network)} through ${integer(steps)} steps of plain gradient descent (learning rate ${learningRate}, batches of ${batch}).`,
    ...stories,
    sentence`A sigmoid’s slope is at most 1/4, and every layer on the way back multiplies by it once more; ReLU’s is 1 wherever it is active.`,
  )
}

const times = (ratio: number) =>
  `${ratio < 9.5 ? decimal(ratio, 1) : integer(Number(ratio.toPrecision(2)))} times`

function gradientFigure(record: ActivationsRecord, dom: Document): Figure {
  const points = gradientPoints(record)
  const domain = normDomain(points)
  const panels = record.runs.map((run): Panel => {
    const own = points.filter((p) => p.run === run.name)
    const title = `Gradients of ${record.network} with ${run.title}, layer by layer`
    const { input, output } = ends(run)
    const said = (norm: number | null) => (norm === null ? 'none' : norm.toPrecision(2))
    const description = `At the end: first layer ${said(input)}, output ${said(output)}`
    const heading = `${capitalized(run.title)}: gradient’s length`
    const svg = drawGradientNorms(dom, own, { title, description, heading, domain, width: 470, height: 300 })
    return { type: 'plot', name: `gradients-${run.name}`, title, svg }
  })
  const [low, high] = domain.map((norm) => powerOfTen(Math.round(Math.log10(norm))))
  const caption = [
    sentence`Length (L2 norm) of the gradient of every layer’s weights, the mean of ${counted(record.every, 'step')} at a time, on one logarithmic scale from ${low} to ${high}.`,
    sentence`Layer 1 stands next to the input.`,
  ]
  return { type: 'figure', id: 'gradient-norms', rank: 6, caption, panels }
}

/** 0.69 and 2.9 as they are; what is smaller with its power of ten: 4.2·10⁻⁴. */
function scientific(norm: number | null): string | null {
  if (norm === null || (norm >= 0.01 && norm < 1000)) return norm === null ? null : plain(norm)
  const [digits, exponent] = norm.toExponential(1).split('e')
  return `${digits}·${powerOfTen(Number(exponent))}`
}

function gradientTable({ runs }: ActivationsRecord): Block {
  const most = Math.max(...runs.map(({ layers }) => layers.length))
  const names = runs.find(({ layers }) => layers.length === most)?.layers ?? []
  const columns = runs.map(({ title }) => column.number(capitalized(title), { type: 'text' }))
  const table: Table = {
    columns: [column.text('Layer'), ...columns],
    rows: names.map((name, i) => [
      name,
      ...runs.map(({ rows }) => scientific(rows[rows.length - 1]?.norms[i] ?? null)),
    ]),
  }
  const titles = enumeration(runs.map(({ title }) => title))
  const caption = [sentence`Length of every layer’s gradient at the end, with ${titles}.`]
  return { type: 'table', id: 'gradient-lengths', rank: offPaper, caption, table }
}
