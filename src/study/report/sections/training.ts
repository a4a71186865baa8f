import {
  type Figure,
  offPaper,
  type Panel,
  type Prose,
  paragraph,
  reference,
  type Section,
  sentence,
} from '../../../document/document.ts'
import { summarize } from '../../../runs/summarize.ts'
import { capitalized, decimal, percent } from '../../../visualization/format.ts'
import {
  type CurvePoint,
  curvePoints,
  drawComparedCurves,
  drawRunCurves,
  epochDomain,
  type Metric,
  type Run,
  valueDomain,
} from '../../../visualization/learning-curves.ts'
import type { NetworkRecord, StudyRecord } from '../../record.ts'

const metrics = ['loss', 'accuracy'] as const

/** How the networks learned: all over one another, then each by itself. */
export function training(study: StudyRecord, dom: Document): Section {
  const points = curvePoints(study.networks)
  const text = [
    sentence`${reference('curves-compared')} lays the networks over one another.`,
    sentence`${reference('curves-each')} shows each by itself on the same scales.`,
    sentence`A training curve that goes on falling while validation rises is overfitting: the weights kept are those of the marked epoch.`,
  ]
  const blocks =
    points.length === 0
      ? [paragraph(sentence`No epoch was completed, so there are no curves to draw.`)]
      : [paragraph(text), comparedFigure(study, dom), eachFigure(study, points, dom)]
  return { id: 'training', rank: 1, title: 'Training', blocks }
}

/** More networks than this are too many for one drawing: the families get drawings of their own. */
const TOGETHER = 7

/** The networks of each drawing, under the names by which their curves are called. */
function groups(
  networks: readonly NetworkRecord[],
): { readonly name: string; readonly runs: readonly Run[] }[] {
  if (networks.length <= TOGETHER) return [{ name: '', runs: networks }]
  return (['mlp', 'cnn'] as const).flatMap((kind) => {
    const family = networks.filter((network) => network.kind === kind)
    const withoutFamily = (title: string) => title.replace(/^(MLP|CNN), /, '')
    const runs = family.map(({ title, events }) => ({ name: withoutFamily(title), events }))
    return runs.length === 0 ? [] : [{ name: kind === 'mlp' ? 'MLPs' : 'CNNs', runs }]
  })
}

function comparedFigure({ networks }: StudyRecord, dom: Document): Figure {
  const panels = groups(networks).flatMap(({ name, runs }) => {
    const points = curvePoints(runs)
    return points.length === 0 ? [] : metrics.map((metric) => comparedPanel(name, points, metric, dom))
  })
  const caption = [
    sentence`Validation loss and accuracy of all networks after each epoch.`,
    sentence`The dot marks the epoch whose weights were kept.`,
  ]
  return { type: 'figure', id: 'curves-compared', rank: 0, caption, panels }
}

function comparedPanel(family: string, points: readonly CurvePoint[], metric: Metric, dom: Document): Panel {
  const of = family === '' ? '' : ` of the ${family}`
  const runs = new Set(points.map((p) => p.run)).size
  const title = `Validation ${metric}${of} by epoch`
  const svg = drawComparedCurves(dom, points, {
    title,
    description: lastValues(points, metric),
    metric,
    split: 'validation',
    heading: `Validation ${metric}${family === '' ? '' : `, ${family}`}`,
    width: 470,
    height: Math.max(290, 80 + 14 * runs),
  })
  return {
    type: 'plot',
    name: `curves-${family === '' ? '' : `${family.toLowerCase()}-`}${metric}`,
    title,
    svg,
  }
}

function lastValues(points: readonly CurvePoint[], metric: Metric): string {
  const last = new Map(
    points.filter((p) => p.metric === metric && p.split === 'validation').map((p) => [p.run, p.value]),
  )
  const shown = (value: number) => (metric === 'loss' ? decimal(value, 3) : percent(value, 1))
  return `At the end: ${[...last].map(([run, value]) => `${run} ${shown(value)}`).join(', ')}`
}

function eachFigure({ networks }: StudyRecord, points: readonly CurvePoint[], dom: Document): Figure {
  const panels = networks.flatMap((network) => {
    const own = points.filter((p) => p.run === network.name)
    return own.length === 0 ? [] : metrics.map((metric) => runPanel(network, own, points, metric, dom))
  })
  const caption = [
    sentence`Loss and accuracy of each network, on the training images (dashed) and the validation images, after each epoch.`,
    ...kept(networks),
  ]
  return { type: 'figure', id: 'curves-each', rank: offPaper, caption, panels }
}

function runPanel(
  network: NetworkRecord,
  own: readonly CurvePoint[],
  all: readonly CurvePoint[],
  metric: Metric,
  dom: Document,
): Panel {
  const title = `${capitalized(metric)} of ${network.title} by epoch`
  const scales = { domain: valueDomain(all, metric), epochs: epochDomain(all) }
  const options = { title, description: lastValues(own, metric), heading: `${network.title}: ${metric}` }
  const svg = drawRunCurves(dom, own, { ...options, metric, ...scales, width: 470, height: 195 })
  return { type: 'plot', name: `curve-${network.name}-${metric}`, title, svg }
}

function kept(networks: readonly NetworkRecord[]): Prose {
  const epochs = networks.flatMap(({ title, events }) => {
    const { best, history } = summarize(events)
    return best === undefined ? [] : [{ title, best: best.epoch, count: history.length }]
  })
  if (epochs.length === 0) return []
  if (epochs.every(({ best, count }) => best === count))
    return [sentence`Of every network the last epoch was kept.`]
  const each = epochs.map(({ title, best, count }) => `${title} ${best} of ${count}`)
  return [sentence`Epochs kept: ${each.join(', ')}.`]
}
