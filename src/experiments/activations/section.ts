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
} from '../../document/document.ts'
import {
  capitalized,
  counted,
  decimal,
  enumeration,
  integer,
  powerOfTen,
} from '../../visualization/format.ts'
import { column, type Table } from '../../visualization/table.ts'
import type { SectionContext } from '../experiment.ts'
import { describeInitializer } from '../initializer-name.ts'
import { drawGradientNorms, gradientPoints, normDomain } from './gradient-norms.ts'
import type { ActivationsRecord } from './record.ts'

/** What the activation does to the gradients of a deep network, layer by layer. */
export function activationsSection(record: ActivationsRecord, { dom }: Pick<SectionContext, 'dom'>): Section {
  return {
    id: 'activations',
    rank: 2,
    title: 'Why the activation matters',
    blocks: [paragraph(activationsProse(record)), gradientFigure(record, dom), gradientTable(record)],
  }
}

/** Two digits that matter: 0.25, 25, 2.5. */
const plain = (x: number) => String(Number(x.toPrecision(2)))

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
    return sentence`With ${run.title} (${describeInitializer(run.initializer)}) ${share} at the end, and the loss has come to ${decimal(last, 3)}.`
  })
  return prose(
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
