import * as Plot from '@observablehq/plot'
import type { CurveMean, CurveValue } from './curve-rows.ts'
import { decimal, ellipsis, percent, textWidth } from './format.ts'
import { type Frame, heading, plot, quietX, quietY, svgElement } from './frame.ts'
import { spread, wholeTicks } from './labels.ts'
import { dashes, role, series } from './theme.ts'

/** A run, or the mean of several, as one line. */
export interface OverlaidCurve {
  readonly name: string
  readonly values: readonly CurveValue[]
  /** As they were before they were smoothed: drawn faintly behind. */
  readonly raw?: readonly CurveValue[]
  /** The interval of a mean: drawn as a band. */
  readonly band?: readonly CurveMean[]
}

/** What a drawing of many curves is told. */
export interface OverlaidOptions extends Frame {
  readonly heading: string
  /** Whether values are shares, to be written as percentages. */
  readonly isShare: boolean
  readonly isLog?: boolean
}

const margins = { marginTop: 30, marginBottom: 40, marginLeft: 54 }
/** Narrower drawings have no room for names at the ends of lines. */
const NARROW = 560

/** The range of all values, with a little air; on a logarithmic axis of those above zero. */
export function overlaidDomain(
  curves: readonly OverlaidCurve[],
  others: readonly (readonly CurveValue[])[],
  { isShare, isLog = false }: Pick<OverlaidOptions, 'isShare' | 'isLog'>,
): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  const see = (value: number) => {
    if (isLog && value <= 0) return
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  for (const { values, raw = [], band = [] } of curves) {
    for (const { value } of values) see(value)
    for (const { value } of raw) see(value)
    for (const mean of band) {
      see(mean.low)
      see(mean.high)
    }
  }
  for (const values of others) for (const { value } of values) see(value)
  if (low > high) return isLog ? [0.1, 1] : [0, 1]
  if (isLog) return [low / 1.06, high * 1.06]
  const air = Math.max((high - low) * 0.06, 0.005)
  return [Math.max(0, low - air), isShare ? Math.min(1, high + air) : high + air]
}

/** The first and the last epoch; one epoch gets room on both sides. */
export function overlaidEpochs(all: readonly (readonly CurveValue[])[]): [number, number] {
  let [first, last] = [Infinity, -Infinity]
  for (const values of all) {
    if (values.length === 0) continue
    first = Math.min(first, values[0].epoch)
    last = Math.max(last, values[values.length - 1].epoch)
  }
  if (first > last) return [0.5, 1.5]
  return first === last ? [first - 0.5, last + 0.5] : [first, last]
}

/** Some curves laid over one another, named and in colors; all `others` faintly behind them. */
export function drawOverlaidCurves(
  document: Document,
  curves: readonly OverlaidCurve[],
  others: readonly (readonly CurveValue[])[],
  options: OverlaidOptions,
) {
  const { isShare, isLog = false, width, height } = options
  const y = overlaidDomain(curves, others, options)
  const x = overlaidEpochs([
    ...curves.map(({ values, raw = [] }) => [...values, ...raw.slice(-1)]),
    ...others,
  ])
  const isNamed = width >= NARROW
  const longest = isNamed ? Math.max(0, ...curves.map(({ name }) => textWidth(label(name), 12))) : 0
  return plot(document, options, {
    ...margins,
    marginRight: 14 + longest,
    x: { domain: x },
    y: { domain: y, type: isLog ? 'log' : 'linear', clamp: isLog },
    marks: [
      heading(options.heading, margins.marginLeft),
      ...quietY({ ticks: 5, tickFormat: tick(isShare, isLog, y) }),
      quietX({
        ticks: wholeTicks(Math.ceil(x[0]), Math.floor(x[1]), Math.max(3, Math.floor(width / 90))),
        tickFormat: (d: number) => `${d}`,
      }),
      Plot.text(['epoch'], { frameAnchor: 'bottom', dy: 34, fill: role('muted'), text: (d: string) => d }),
      faint(others, isLog),
      ...curves.flatMap((curve, i) => marksOf(curve, i, isLog, isShare)),
      ...(isNamed ? endLabels(curves, y, isLog, height, x[1]) : []),
    ],
  })
}

const label = (name: string) => ellipsis(name, 20)

function tick(isShare: boolean, isLog: boolean, [low, high]: readonly [number, number]) {
  if (isShare) return (d: number) => percent(d, high - low < 0.05 ? 1 : 0)
  if (isLog) return (d: number) => String(Number(d.toPrecision(2)))
  return (d: number) => decimal(d, high - low < 0.1 ? 3 : high - low < 2 ? 2 : 1)
}

/** Hundreds of lines as one path each, written at once: Plot's own marks would take longer than a picture may. */
function faint(others: readonly (readonly CurveValue[])[], isLog: boolean): Plot.Markish {
  const render: Plot.RenderFunction = (_, scales, __, ___, { document }) => {
    const group = svgElement(document as Document, 'g', {
      'data-mark': 'faint',
      fill: 'none',
      stroke: role('muted'),
      'stroke-opacity': others.length > 60 ? 0.22 : 0.35,
      'stroke-width': 1,
    })
    const { x, y } = scales as { x: (value: number) => number; y: (value: number) => number }
    for (const values of others) {
      const places = values.flatMap(({ epoch, value }) =>
        isLog && value <= 0 ? [] : [`${x(epoch).toFixed(1)},${y(value).toFixed(1)}`],
      )
      if (places.length > 1)
        group.append(svgElement(document as Document, 'path', { d: `M${places.join('L')}` }))
    }
    return group as unknown as SVGElement
  }
  return render as unknown as Plot.Markish
}

function marksOf(
  { name, values, raw, band }: OverlaidCurve,
  i: number,
  isLog: boolean,
  isShare: boolean,
): Plot.Markish[] {
  const there = ({ value }: CurveValue) => !isLog || value > 0
  const shown = values.filter(there)
  const stroke = series(i)
  const line = { x: 'epoch', y: 'value', stroke, strokeDasharray: dashes(i) } as const
  return [
    ...(band === undefined
      ? []
      : [
          Plot.areaY(
            band.filter(({ low }) => !isLog || low > 0),
            { x: 'epoch', y1: 'low', y2: 'high', fill: stroke, fillOpacity: 0.16 },
          ),
        ]),
    ...(raw === undefined
      ? []
      : [
          Plot.line(raw.filter(there), {
            x: 'epoch',
            y: 'value',
            stroke,
            strokeOpacity: 0.3,
            strokeWidth: 1,
          }),
        ]),
    shown.length === 1
      ? Plot.dot(shown, { x: 'epoch', y: 'value', r: 3, stroke, fill: role('paper'), title: () => name })
      : Plot.line(shown, { ...line, strokeWidth: 1.75, title: () => sentence(name, shown, isShare) }),
  ]
}

/** What a line tells of itself: where it begins and ends. */
function sentence(name: string, values: readonly CurveValue[], isShare: boolean): string {
  const [first, last] = [values[0], values[values.length - 1]]
  const shown = ({ value }: CurveValue) => (isShare ? percent(value) : decimal(value, 3))
  return `${name}: ${shown(first)} after epoch ${first.epoch}, ${shown(last)} after epoch ${last.epoch}`
}

function endLabels(
  curves: readonly OverlaidCurve[],
  [low, high]: readonly [number, number],
  isLog: boolean,
  height: number,
  x: number,
): Plot.Markish[] {
  const inner = height - margins.marginTop - margins.marginBottom
  const share = (value: number) =>
    isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  const named = curves.flatMap(({ name, values }, i) => {
    const last = values.findLast(({ value }) => !isLog || value > 0)
    return last === undefined ? [] : [{ name, i, share: share(last.value) }]
  })
  const places = spread(
    named.map((one) => one.share),
    14 / inner,
    [0, 1],
  )
  const valueAt = (place: number) => (isLog ? low * (high / low) ** place : low + (high - low) * place)
  return named.map(({ name, i }, k) =>
    Plot.text([label(name)], {
      x: () => x,
      y: () => valueAt(places[k]),
      text: (d: string) => d,
      dx: 8,
      textAnchor: 'start',
      fill: series(i),
    }),
  )
}
