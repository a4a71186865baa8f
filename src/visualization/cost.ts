import * as Plot from '@observablehq/plot'
import { greatest, least } from '../base/extremes.ts'
import { type ComparedRow, sentence, shareDomain } from './comparison.ts'
import { decimal, percent, textWidth } from './format.ts'
import { type Frame, plot, quietX, quietY } from './frame.ts'
import { spread } from './labels.ts'
import { role, series } from './theme.ts'

/** Up to so many names, and none longer than the other number, stand beside their dots; else numbers do, with a key below. */
const [FEW, SHORT] = [8, 16]

/** How the dots are called, and the lines of a key that says what their numbers mean. */
interface Naming {
  readonly labels: readonly string[]
  readonly key: readonly { readonly text: string; readonly column: number; readonly line: number }[]
  /** Pixels. */
  readonly columnWidth: number
  readonly margins: {
    readonly marginTop: number
    readonly marginBottom: number
    readonly marginLeft: number
    readonly marginRight: number
  }
}

const lineHeight = 18
const around = { marginTop: 34, marginBottom: 42, marginLeft: 54 }

function naming(names: readonly string[], width: number): Naming {
  const longest = Math.max(0, ...names.map((name) => name.length))
  if (names.length <= FEW && longest <= SHORT) {
    return { labels: names, key: [], columnWidth: 0, margins: { ...around, marginRight: 110 } }
  }
  const texts = names.map((name, i) => `${i + 1}  ${name}`)
  const columnWidth = greatest(texts.map((text) => textWidth(text, 12))) + 12
  const columns = Math.max(1, Math.floor(width / columnWidth))
  const lines = Math.ceil(texts.length / columns)
  return {
    labels: names.map((_, i) => `${i + 1}`),
    key: texts.map((text, i) => ({ text, column: Math.floor(i / lines), line: i % lines })),
    columnWidth,
    margins: { ...around, marginBottom: around.marginBottom + 16 + lines * lineHeight, marginRight: 30 },
  }
}

/** The height that these rows want at a width: the drawing and, where names do not fit into it, its key. */
export const costHeight = (rows: readonly ComparedRow[], width: number): number =>
  318 +
  naming(
    rows.map(({ name }) => name),
    width,
  ).margins.marginBottom

/** Test accuracy against what it cost: seconds of training, on a logarithmic scale. */
export function drawCost(document: Document, rows: readonly ComparedRow[], frame: Frame) {
  const y = shareDomain(rows.flatMap((row) => [row.low, row.high]))
  const x = secondsDomain(rows)
  const names = naming(
    rows.map(({ name }) => name),
    frame.width,
  )
  const dots = costDots(rows, { x, y, names, frame })
  const ticks = secondsTicks(...x)
  return plot(document, frame, {
    ...names.margins,
    x: { type: 'log', domain: x },
    y: { domain: y },
    marks: [
      ...quietY({ ticks: 5, tickFormat: (d: number) => percent(d, y[1] - y[0] < 0.04 ? 1 : 0) }),
      quietX({
        ticks: frame.width < 500 && ticks.length > 5 ? ticks.filter(isPowerOfTen) : ticks,
        tickFormat: plainSeconds,
      }),
      caption('Test accuracy', {
        frameAnchor: 'top-left',
        dx: -around.marginLeft,
        dy: -20,
        fontWeight: 600,
      }),
      caption('seconds of training', { frameAnchor: 'bottom', dy: 36, fill: role('muted') }),
      Plot.ruleX(dots, { x: 'x', y1: 'low', y2: 'high', stroke: series(3), strokeWidth: 1.5 }),
      Plot.dot(dots, { x: 'x', y: 'accuracy', r: 4.5, fill: series(3), title: sentence }),
      ...(['start', 'end'] as const).map((anchor) => nameMark(dots, anchor)),
      ...names.key.map(({ text, column, line }) =>
        caption(text, {
          frameAnchor: 'bottom-left',
          dx: column * names.columnWidth - around.marginLeft,
          dy: 66 + line * lineHeight,
          textAnchor: 'start',
          fill: role('ink'),
        }),
      ),
    ],
  })
}

const isPowerOfTen = (tick: number) => Math.abs(Math.log10(tick) % 1) < 1e-9

/** Never zero, for the scale is logarithmic. */
const atLeast = (seconds: number) => Math.max(0.1, seconds)

function secondsDomain(rows: readonly ComparedRow[]): [number, number] {
  const seconds = rows.map((row) => atLeast(row.seconds))
  return [least(seconds) / 2, greatest(seconds) * 1.25]
}

interface CostDot extends ComparedRow {
  readonly x: number
  readonly label: string
  /** Where the label stands: moved so that none touches another, and on the side that is free. */
  readonly labelY: number
  readonly anchor: 'start' | 'end'
}

/** How far apart two rows stand, in pixels. */
interface Scales {
  readonly across: (row: ComparedRow) => number
  /** How much accuracy a pixel is worth. */
  readonly perPixel: number
}

function costDots(
  rows: readonly ComparedRow[],
  {
    x,
    y,
    names: { labels, margins },
    frame: { width, height },
  }: {
    readonly x: readonly [number, number]
    readonly y: readonly [number, number]
    readonly names: Naming
    readonly frame: Frame
  },
): CostDot[] {
  const perPixel = (y[1] - y[0]) / (height - margins.marginTop - margins.marginBottom)
  const perUnit = (width - margins.marginLeft - margins.marginRight) / Math.log(x[1] / x[0])
  const across = (row: ComparedRow) => Math.log(atLeast(row.seconds) / x[0]) * perUnit
  const named = rows.map((row, i) => ({ ...row, label: labels[i] }))
  const sides = named.map((row) => sideOf(row, rows, { across, perPixel }))
  return (['start', 'end'] as const).flatMap((anchor) => {
    const group = named.filter((_, i) => sides[i] === anchor)
    const accuracies = group.map((row) => row.accuracy)
    const places = spread(accuracies, 14 * perPixel, y)
    return group.map((row, i) => ({ ...row, x: atLeast(row.seconds), labelY: places[i], anchor }))
  })
}

/** A name stands to the right of its dot, unless another's interval is in the way and there is room on the left. */
function sideOf(
  row: ComparedRow & { readonly label: string },
  rows: readonly ComparedRow[],
  { across, perPixel }: Scales,
): CostDot['anchor'] {
  const reach = 16 + textWidth(row.label, 12)
  const air = 8 * perPixel
  const isCrossed = rows.some((other) => {
    const distance = across(other) - across(row)
    const isBeside = distance > 0 && distance <= reach
    return isBeside && other.low < row.accuracy + air && other.high > row.accuracy - air
  })
  return isCrossed && across(row) > reach ? 'end' : 'start'
}

function nameMark(dots: readonly CostDot[], anchor: 'start' | 'end'): Plot.Markish {
  return Plot.text(
    dots.filter((dot) => dot.anchor === anchor),
    {
      x: 'x',
      y: 'labelY',
      text: 'label',
      dx: anchor === 'start' ? 9 : -9,
      textAnchor: anchor,
      stroke: role('paper'),
      strokeWidth: 4,
      fill: role('ink'),
    },
  )
}

const caption = (text: string, options: Plot.TextOptions) =>
  Plot.text([text], {
    ...options,
    ...(options.frameAnchor === 'top-left' ? { textAnchor: 'start' } : {}),
    text: (d: string) => d,
  })

/** 1, 2, 5, 10… within a range; where the range holds fewer than two of them, its ends. */
export function secondsTicks(low: number, high: number): number[] {
  const all = [-1, 0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
  const inside = all.filter((tick) => tick >= low && tick <= high)
  return inside.length >= 2 ? inside : [low, high]
}

const plainSeconds = (d: number) => (d < 1 ? decimal(d, 1) : decimal(d, d < 10 && d % 1 !== 0 ? 1 : 0))
