import * as Plot from '@observablehq/plot'
import { wilson } from '../base/statistics/shares.ts'
import type { BinRecord } from '../record/calibration.ts'
import { integer, percent } from './format.ts'
import { type Frame, heading, plot, quietX, quietY } from './frame.ts'
import { role, series } from './theme.ts'

/** A bin of a reliability diagram with the 95 % interval of its accuracy. */
export interface ReliabilityRow extends BinRecord {
  readonly from: number
  readonly to: number
  /** Whether the interval holds the confidence: its distance from the diagonal may be chance. */
  readonly isHonest: boolean
}

/** The bins with what their numbers of images allow to say (Wilson's interval). */
export function reliabilityRows(bins: readonly BinRecord[]): ReliabilityRow[] {
  return bins.map((bin) => {
    const { low: from, high: to } = wilson(bin.accuracy, bin.count)
    return { ...bin, from, to, isHonest: from <= bin.confidence && bin.confidence <= to }
  })
}

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
const tickFormat = (share: number) => percent(share, 0)

/** How often a network is right against how sure it says it is: a dot a bin, as large as its images are many; honest ones lie on the diagonal. */
export function drawReliability(
  document: Document,
  rows: readonly ReliabilityRow[],
  frame: Frame & { readonly heading: string },
) {
  const marginLeft = 48
  const x = 'confidence'
  const color = (row: ReliabilityRow) => (row.isHonest ? series(3) : series(0))
  return plot(document, frame, {
    marginTop: 34,
    marginBottom: 42,
    marginLeft,
    marginRight: 24,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    r: { domain: [0, 1], range: [0, 10] },
    marks: [
      heading(frame.heading, marginLeft),
      ...quietY({ ticks, tickFormat }),
      quietX({ ticks, tickFormat }),
      Plot.text(['how sure it is'], {
        frameAnchor: 'bottom',
        dy: 36,
        fill: role('muted'),
        text: (d: string) => d,
      }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: role('muted'), strokeDasharray: '4 4' },
      ),
      Plot.ruleX(rows, { x, y1: 'from', y2: 'to', stroke: color, strokeWidth: 1.75 }),
      Plot.dot(rows, {
        x,
        y: 'accuracy',
        r: shareOf(rows),
        fill: color,
        fillOpacity: 0.85,
        stroke: role('paper'),
        title: sentence,
      }),
    ],
  })
}

/** Areas tell the shares; none is too small to be seen. */
function shareOf(rows: readonly ReliabilityRow[]): (row: ReliabilityRow) => number {
  const all = rows.reduce((sum, { count }) => sum + count, 0)
  return ({ count }) => Math.max(0.08, count / all)
}

const sentence = ({ low, high, count, accuracy, from, to }: ReliabilityRow) =>
  `${percent(low, 0)} to ${percent(high, 0)} sure (${integer(count)} images): ${percent(accuracy)} right, 95 % interval ${percent(from)} to ${percent(to)}`
