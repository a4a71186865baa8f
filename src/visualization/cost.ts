import * as Plot from '@observablehq/plot'
import { type ComparedRow, sentence, shareDomain } from './comparison.ts'
import { decimal, ellipsis, percent, textWidth } from './format.ts'
import { type Frame, plot, quietX, quietY } from './frame.ts'
import { spread } from './labels.ts'
import { role, series } from './theme.ts'

/** Test accuracy against what it cost: seconds of training, on a logarithmic scale. */
export function drawCost(document: Document, rows: readonly ComparedRow[], frame: Frame) {
  const y = shareDomain(rows.flatMap((row) => [row.low, row.high]))
  const x = secondsDomain(rows)
  const dots = costDots(rows, x, y, frame)
  return plot(document, frame, {
    ...costMargins,
    x: { type: 'log', domain: x },
    y: { domain: y },
    marks: [
      ...quietY({ ticks: 5, tickFormat: (d: number) => percent(d, y[1] - y[0] < 0.04 ? 1 : 0) }),
      quietX({ ticks: secondsTicks(...x), tickFormat: plainSeconds }),
      caption('Test accuracy', {
        frameAnchor: 'top-left',
        dx: -costMargins.marginLeft,
        dy: -20,
        fontWeight: 600,
      }),
      caption('seconds of training', { frameAnchor: 'bottom', dy: 36, fill: role('muted') }),
      Plot.ruleX(dots, { x: 'x', y1: 'low', y2: 'high', stroke: series(3), strokeWidth: 1.5 }),
      Plot.dot(dots, { x: 'x', y: 'accuracy', r: 4.5, fill: series(3), title: sentence }),
      ...(['start', 'end'] as const).map((anchor) => nameMark(dots, anchor)),
    ],
  })
}

const costMargins = { marginTop: 34, marginBottom: 42, marginLeft: 54, marginRight: 110 }

/** Never zero, for the scale is logarithmic. */
const atLeast = (seconds: number) => Math.max(0.1, seconds)

function secondsDomain(rows: readonly ComparedRow[]): [number, number] {
  const seconds = rows.map((row) => atLeast(row.seconds))
  return [Math.min(...seconds) / 2, Math.max(...seconds) * 1.25]
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
  x: readonly [number, number],
  y: readonly [number, number],
  { width, height }: Frame,
): CostDot[] {
  const perPixel = (y[1] - y[0]) / (height - costMargins.marginTop - costMargins.marginBottom)
  const perUnit = (width - costMargins.marginLeft - costMargins.marginRight) / Math.log(x[1] / x[0])
  const across = (row: ComparedRow) => Math.log(atLeast(row.seconds) / x[0]) * perUnit
  const sides = rows.map((row) => sideOf(row, rows, { across, perPixel }))
  return (['start', 'end'] as const).flatMap((anchor) => {
    const group = rows.filter((_, i) => sides[i] === anchor)
    const accuracies = group.map((row) => row.accuracy)
    const places = spread(accuracies, 14 * perPixel, y)
    return group.map((row, i) => ({
      ...row,
      x: atLeast(row.seconds),
      label: ellipsis(row.name, 16),
      labelY: places[i],
      anchor,
    }))
  })
}

/** A name stands to the right of its dot, unless another's interval is in the way and there is room on the left. */
function sideOf(
  row: ComparedRow,
  rows: readonly ComparedRow[],
  { across, perPixel }: Scales,
): CostDot['anchor'] {
  const reach = 16 + textWidth(ellipsis(row.name, 16), 12)
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
