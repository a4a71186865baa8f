import * as Plot from '@observablehq/plot'
import { powerOfTen } from '../../visualization/format.ts'
import { type Frame, heading, plot, quietX, quietY } from '../../visualization/frame.ts'
import { wholeTicks } from '../../visualization/labels.ts'
import { role, series } from '../../visualization/theme.ts'
import type { Figure, MultiplicationRecord } from './record.ts'

/** One figure of the product after some multiplications, by its power of ten. */
export interface ProductPoint {
  /** `0 to 0.1`: the range of the matrices' entries. */
  readonly range: string
  readonly measure: 'mean' | 'spread'
  readonly step: number
  readonly value: number
  /** log10 of the value. */
  readonly exponent: number
}

/** From which step to which a figure was no longer a positive number. */
export interface LostSpan {
  readonly range: string
  readonly measure: ProductPoint['measure']
  readonly state: '0' | 'inf' | 'nan'
  readonly from: number
  readonly to: number
}

/** The range of a series, as drawings and text name it. */
export const rangeName = ({ low, high }: { readonly low: number; readonly high: number }) =>
  `${low} to ${high}`

const measures = [
  ['mean', 'mean'],
  ['spread', 'std'],
] as const

/** Every figure that has a logarithm. */
export function productPoints({ series: all }: Pick<MultiplicationRecord, 'series'>): ProductPoint[] {
  return all.flatMap((one) =>
    measures.flatMap(([measure, field]) =>
      one.rows.flatMap((row): ProductPoint[] => {
        const value = row[field]
        if (typeof value === 'string' || value <= 0) return []
        return [{ range: rangeName(one), measure, step: row.step, value, exponent: Math.log10(value) }]
      }),
    ),
  )
}

/** The stretches at which a figure was zero, infinite or no number. */
export function lostSpans({ series: all }: Pick<MultiplicationRecord, 'series'>): LostSpan[] {
  return all.flatMap((one) =>
    measures.flatMap(([measure, field]) => {
      const spans: { -readonly [K in keyof LostSpan]: LostSpan[K] }[] = []
      for (const row of one.rows) {
        const state = stateOf(row[field])
        const last = spans.at(-1)
        if (state === undefined) continue
        if (last?.state === state && last.to === row.step - 1) last.to = row.step
        else spans.push({ range: rangeName(one), measure, state, from: row.step, to: row.step })
      }
      return spans
    }),
  )
}

const stateOf = (value: Figure): LostSpan['state'] | undefined =>
  value === 0 ? '0' : typeof value === 'string' ? value : undefined

const margins = { marginTop: 34, marginBottom: 42, marginLeft: 54, marginRight: 18 }

/**
 * Mean and spread of the product at every step on a logarithmic scale. What a logarithm cannot show has a lane of its own:
 * inf and nan above the scale, 0 below it.
 */
export function drawMultiplication(document: Document, record: MultiplicationRecord, frame: Frame) {
  const points = productPoints(record)
  const spans = lostSpans(record)
  const ranges = record.series.map(rangeName)
  const color = (range: string) => series([3, 0, 4, 1][ranges.indexOf(range) % 4])
  const exponents = [0, ...points.map((p) => p.exponent)]
  const [low, high] = [Math.floor(Math.min(...exponents)), Math.ceil(Math.max(...exponents))]
  const lane = (18 * (high - low)) / (frame.height - 150)
  const at = { '0': low - lane, inf: high + lane, nan: high + 2 * lane }
  const states = (['nan', 'inf', '0'] as const).filter((s) => spans.some(({ state }) => state === s))
  const ticks = exponentTicks(low, high)
  return plot(document, frame, {
    ...margins,
    x: { domain: [0, record.steps] },
    y: {
      domain: [states.includes('0') ? at['0'] - lane / 2 : low, states.length > 0 ? at.nan + lane / 2 : high],
    },
    marks: [
      heading('Entries of the product', margins.marginLeft),
      ...quietY({ ticks, tickFormat: (d: number) => powerOfTen(d) }),
      quietX({ ticks: wholeTicks(0, record.steps), tickFormat: (d: number) => `${d}` }),
      note('multiplications', { frameAnchor: 'bottom', dy: 34, fill: role('muted') }),
      ...states.map((state) => laneName(state, at[state])),
      ...ranges.flatMap((range) =>
        measures.map(([measure]) =>
          Plot.line(
            points.filter((p) => p.range === range && p.measure === measure),
            {
              x: 'step',
              y: 'exponent',
              stroke: color(range),
              strokeWidth: 1.75,
              strokeDasharray: dash(measure),
            },
          ),
        ),
      ),
      Plot.link(spans, {
        x1: 'from',
        x2: (d: LostSpan) => Math.max(d.to, d.from + 0.4),
        y1: (d: LostSpan) => at[d.state],
        y2: (d: LostSpan) => at[d.state],
        stroke: (d: LostSpan) => color(d.range),
        strokeWidth: 5,
        strokeOpacity: 0.85,
        title: spanSentence,
      }),
      ...ranges.map((range) => rangeLabel(points, range, color(range))),
      note('— mean   - - spread', {
        frameAnchor: 'top-right',
        dy: -20,
        textAnchor: 'end',
        fill: role('muted'),
      }),
    ],
  })
}

const dash = (measure: ProductPoint['measure']) => (measure === 'spread' ? '2 4' : '')

/** A lost stretch, for the pointer. */
const spanSentence = ({ range, measure, state, from, to }: LostSpan) =>
  `Entries from ${range}: the ${measure} is ${state} from step ${from} to ${to}`

const note = (text: string, options: Plot.TextOptions) =>
  Plot.text([text], { ...options, text: (d: string) => d })

const laneName = (state: LostSpan['state'], y: number) =>
  Plot.text([state], {
    frameAnchor: 'left',
    y: () => y,
    dx: -10,
    textAnchor: 'end',
    fill: role('ink'),
    fontWeight: 600,
    text: (d: string) => d,
  })

/** Every tenth power, or every twentieth, so that there are about eight. */
function exponentTicks(low: number, high: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((s) => (high - low) / s <= 9) ?? 500
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step || 0)
}

/** The name of a range stands to the right of its line, where the line has left room: below one that rises. */
function rangeLabel(points: readonly ProductPoint[], range: string, fill: string): Plot.Markish {
  const own = points.filter((p) => p.range === range && p.measure === 'mean')
  const middle = own.slice(Math.floor(own.length * 0.5), Math.floor(own.length * 0.5) + 1)
  const rises = own.length > 1 && own[own.length - 1].exponent > own[0].exponent
  return Plot.text(middle, {
    x: 'step',
    y: 'exponent',
    text: () => `entries from ${range}`,
    dx: 10,
    dy: rises ? 8 : -8,
    textAnchor: 'start',
    fill,
  })
}
