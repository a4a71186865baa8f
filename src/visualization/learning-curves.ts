import * as Plot from '@observablehq/plot'
import { greatest, least } from '../base/extremes.ts'
import type { EpochEvent, RunEvent } from '../record/events.ts'
import { summarize } from '../runs/summarize.ts'
import { smooth } from './curve-rows.ts'
import { ellipsis, percent, textWidth } from './format.ts'
import { type Frame, heading, plot, quietX, quietY } from './frame.ts'
import { spread, wholeTicks } from './labels.ts'
import { dashes, role, series } from './theme.ts'

export type Metric = 'loss' | 'accuracy'
export type Split = 'train' | 'validation'

/** A run by name, with what it wrote down. */
export interface Run {
  readonly name: string
  readonly events: readonly RunEvent[]
}

/** One figure of one epoch. */
export interface CurvePoint {
  readonly run: string
  readonly epoch: number
  readonly metric: Metric
  readonly split: Split
  readonly value: number
  /** True at the epoch whose weights were kept. */
  readonly best: boolean
}

const fields = [
  ['loss', 'train', 'loss'],
  ['valLoss', 'validation', 'loss'],
  ['accuracy', 'train', 'accuracy'],
  ['valAccuracy', 'validation', 'accuracy'],
] as const

/** Every finite loss and accuracy of the runs, in the order in which they happened. */
export function curvePoints(runs: readonly Run[]): CurvePoint[] {
  return runs.flatMap(({ name, events }) => {
    const { history, best } = summarize(events)
    return history.flatMap((event) => pointsOf(name, event, event === best))
  })
}

function pointsOf(run: string, event: EpochEvent, best: boolean): CurvePoint[] {
  return fields.flatMap(([field, split, metric]) => {
    const value = event[field]
    return value === null || !Number.isFinite(value)
      ? []
      : [{ run, epoch: event.epoch, metric, split, value, best }]
  })
}

/** What a drawing of curves may be told; the domain makes several drawings comparable. */
export interface CurveOptions extends Frame {
  readonly metric: Metric
  readonly domain?: readonly [number, number]
  readonly epochs?: readonly [number, number]
  /** What stands above the drawing; the metric where nothing else is said. */
  readonly heading?: string
  /** Whether the values stand on a logarithmic axis. */
  readonly isLog?: boolean
  /** In [0, 1), as `smooth` takes it; above 0 the lines as they were stand faintly behind. */
  readonly smoothing?: number
}

/** The smallest and largest value of points, with a little air; on a logarithmic axis of those above zero. */
export function valueDomain(points: readonly CurvePoint[], metric: Metric, isLog = false): [number, number] {
  const values = points.filter((p) => p.metric === metric && !(isLog && p.value <= 0)).map((p) => p.value)
  if (values.length === 0) return isLog ? [0.1, 1] : [0, 1]
  const [low, high] = [least(values), greatest(values)]
  if (isLog) return [low / 1.06, high * 1.06]
  const air = Math.max((high - low) * 0.06, 0.005)
  return [Math.max(0, low - air), metric === 'accuracy' ? Math.min(1, high + air) : high + air]
}

/** The first and last epoch of points; a run of one epoch gets room on both sides. */
export function epochDomain(points: readonly CurvePoint[]): [number, number] {
  if (points.length === 0) return [0.5, 1.5]
  const epochs = points.map((p) => p.epoch)
  const [first, last] = [least(epochs), greatest(epochs)]
  return first === last ? [first - 0.5, last + 0.5] : [first, last]
}

/** One run: training and validation, and the epoch that was kept. */
export function drawRunCurves(document: Document, points: readonly CurvePoint[], options: CurveOptions) {
  const shown = points.filter((p) => p.metric === options.metric)
  const style: LineStyle = {
    key: (p) => p.split,
    stroke: (name) => (name === 'train' ? role('muted') : series(3)),
    dash: (name) => (name === 'train' ? '3 3' : ''),
    starred: (p) => p.split === 'validation',
  }
  return drawLines(document, shown, style, options)
}

/** Many runs laid over one another: one split of each, named at its end. */
export function drawComparedCurves(
  document: Document,
  points: readonly CurvePoint[],
  options: CurveOptions & { readonly split: Split },
) {
  const names = [...new Set(points.map((p) => p.run))]
  const shown = points.filter((p) => p.metric === options.metric && p.split === options.split)
  const style: LineStyle = {
    key: (p) => p.run,
    stroke: (name) => series(names.indexOf(name)),
    dash: (name) => dashes(names.indexOf(name)),
    starred: () => true,
  }
  return drawLines(document, shown, style, options)
}

interface LineStyle {
  readonly key: (point: CurvePoint) => string
  readonly stroke: (name: string) => string
  readonly dash: (name: string) => string
  readonly starred: (point: CurvePoint) => boolean
}

const margins = { marginTop: 30, marginBottom: 40, marginLeft: 54 }

/** The points of each line, smoothed along it. */
function smoothed(points: readonly CurvePoint[], { key }: LineStyle, weight: number): CurvePoint[] {
  return [...new Set(points.map(key))].flatMap((name) => {
    const own = points.filter((p) => key(p) === name)
    const values = smooth(own, weight)
    return own.map((p, i) => ({ ...p, value: values[i].value }))
  })
}

function drawLines(
  document: Document,
  given: readonly CurvePoint[],
  style: LineStyle,
  options: CurveOptions,
) {
  const { metric, isLog = false, smoothing = 0 } = options
  const raw = isLog ? given.filter(({ value }) => value > 0) : given
  const points = smoothing > 0 ? smoothed(raw, style, smoothing) : raw
  const names = [...new Set(points.map(style.key))]
  const y = options.domain ?? valueDomain(raw, metric, isLog)
  const x = options.epochs ?? epochDomain(points)
  const longest = Math.max(0, ...names.map((name) => textWidth(label(name), 12)))
  const ends = lineEnds(points, style, y, { height: options.height, isLog })
  return plot(document, options, {
    ...margins,
    marginRight: 14 + longest,
    x: { domain: x },
    y: isLog ? { domain: y, type: 'log' } : { domain: y },
    marks: [
      heading(options.heading ?? metric, margins.marginLeft),
      ...quietY({ ticks: 5, ...tickFormat(metric, isLog, y) }),
      quietX({ ticks: wholeTicks(Math.ceil(x[0]), Math.floor(x[1])), tickFormat: (d: number) => `${d}` }),
      axisName('epoch'),
      ...(smoothing > 0 ? names.map((name) => faintLine(raw, name, style)) : []),
      ...names.map((name) => line(points, name, style)),
      ...names.flatMap((name) => lonelyDot(points, name, style)),
      star(
        raw.filter((p) => p.best && style.starred(p)),
        style,
      ),
      ...ends.map((end) => endLabel(end, style, x[1])),
    ],
  })
}

function tickFormat(metric: Metric, isLog: boolean, [low, high]: readonly [number, number]) {
  if (metric === 'accuracy') return { tickFormat: (d: number) => percent(d, high - low < 0.05 ? 1 : 0) }
  return isLog ? { tickFormat: (d: number) => String(Number(d.toPrecision(2))) } : {}
}

const axisName = (text: string) =>
  Plot.text([text], { frameAnchor: 'bottom', dy: 34, fill: role('muted'), text: (d: string) => d })

function line(points: readonly CurvePoint[], name: string, style: LineStyle): Plot.Markish {
  return Plot.line(
    points.filter((p) => style.key(p) === name),
    {
      x: 'epoch',
      y: 'value',
      stroke: style.stroke(name),
      strokeWidth: 1.75,
      strokeDasharray: style.dash(name),
      title: () =>
        lineSentence(
          name,
          points.filter((p) => style.key(p) === name),
        ),
    },
  )
}

function faintLine(points: readonly CurvePoint[], name: string, style: LineStyle): Plot.Markish {
  const own = points.filter((p) => style.key(p) === name)
  return Plot.line(own, {
    x: 'epoch',
    y: 'value',
    stroke: style.stroke(name),
    strokeOpacity: 0.3,
    strokeWidth: 1,
  })
}

/** What a line tells of itself: its name, and where it begins and ends. */
function lineSentence(name: string, points: readonly CurvePoint[]): string {
  const shown = ({ metric, value }: CurvePoint) => (metric === 'loss' ? value.toFixed(3) : percent(value))
  const [first, last] = [points[0], points[points.length - 1]]
  return first === undefined || last === undefined
    ? name
    : `${name}: ${first.metric} ${shown(first)} after epoch ${first.epoch}, ${shown(last)} after epoch ${last.epoch}`
}

/** A line of one point cannot be seen; a dot can. */
function lonelyDot(points: readonly CurvePoint[], name: string, style: LineStyle): Plot.Markish[] {
  const own = points.filter((p) => style.key(p) === name)
  if (own.length !== 1) return []
  return [Plot.dot(own, { x: 'epoch', y: 'value', r: 3, stroke: style.stroke(name), fill: role('paper') })]
}

function star(points: readonly CurvePoint[], style: LineStyle): Plot.Markish {
  return Plot.dot(points, {
    x: 'epoch',
    y: 'value',
    r: 4,
    fill: (p: CurvePoint) => style.stroke(style.key(p)),
    stroke: role('paper'),
    strokeWidth: 1.5,
    title: (p: CurvePoint) => `${p.run}, epoch ${p.epoch}: ${p.metric} ${p.value.toFixed(4)} (kept)`,
  })
}

interface LineEnd {
  readonly name: string
  readonly y: number
}

/** Where each line's name stands: beside its last point, moved so that no two names touch. */
function lineEnds(
  points: readonly CurvePoint[],
  style: LineStyle,
  domain: readonly [number, number],
  { height, isLog }: { readonly height: number; readonly isLog: boolean },
): LineEnd[] {
  const [along, back] = isLog ? [Math.log, Math.exp] : [Number, Number] // in the axis' own measure, and out of it
  const last = new Map(points.map((p) => [style.key(p), along(p.value)]))
  const [low, high] = [along(domain[0]), along(domain[1])]
  const perPixel = (high - low) / (height - margins.marginTop - margins.marginBottom)
  const places = spread([...last.values()], 14 * perPixel, [low, high])
  return [...last.keys()].map((name, i) => ({ name, y: back(places[i]) }))
}

const label = (name: string) => ellipsis(name, 18)

function endLabel(end: LineEnd, style: LineStyle, x: number): Plot.Markish {
  return Plot.text([end], {
    x: () => x,
    y: 'y',
    text: () => label(end.name),
    dx: 8,
    textAnchor: 'start',
    fill: style.stroke(end.name),
  })
}
