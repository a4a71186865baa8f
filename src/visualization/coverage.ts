import * as Plot from '@observablehq/plot'
import type { CalibrationRecord } from '../record/calibration.ts'
import { shareDomain } from './comparison.ts'
import { percent } from './format.ts'
import { type Frame, heading, plot, quietX, quietY } from './frame.ts'
import { role, series } from './theme.ts'

/** What is drawn of a network that may say "not sure". */
export interface Answers {
  readonly name: string
  readonly curve: CalibrationRecord['test']['coverageCurve']
  readonly sure: CalibrationRecord['test']['aboveThreshold']
}

/** A point of a network's curve. */
export interface CoverageRow {
  readonly name: string
  readonly coverage: number
  readonly accuracy: number
  readonly threshold: number
}

/** Fewer answers than this are a handful of images: the curve begins here. */
const LEAST = 0.2

/** Every network's curve, from a fifth of the images answered to all of them. */
export const coverageRows = (networks: readonly Answers[]): CoverageRow[] =>
  networks.flatMap(({ name, curve }) =>
    curve.filter(({ coverage }) => coverage >= LEAST).map((point) => ({ name, ...point })),
  )

/** How often answers are right against how many are given: the first network in color, with its threshold; the others behind it. */
export function drawCoverage(
  document: Document,
  [first, ...others]: readonly [Answers, ...Answers[]],
  frame: Frame,
) {
  const rows = coverageRows([first])
  const behind = coverageRows(others)
  const [low] = shareDomain([...rows, ...behind].map(({ accuracy }) => accuracy))
  const marginLeft = 54
  const at = { x: 'coverage', y: 'accuracy' }
  const digits = low > 0.96 ? 1 : 0
  return plot(document, frame, {
    marginTop: 34,
    marginBottom: 42,
    marginLeft,
    marginRight: 20,
    x: { domain: [LEAST, 1] },
    y: { domain: [low, 1] },
    marks: [
      heading('Accuracy of the answers', marginLeft),
      ...quietY({ ticks: 5, tickFormat: (share: number) => percent(share, digits) }),
      quietX({ ticks: frame.width < 500 ? 4 : 8, tickFormat: (share: number) => percent(share, 0) }),
      Plot.text(['share of the images that it answers'], {
        frameAnchor: 'bottom',
        dy: 36,
        fill: role('muted'),
        text: (d: string) => d,
      }),
      Plot.line(behind, { ...at, z: 'name', stroke: role('muted'), strokeOpacity: 0.45, strokeWidth: 1 }),
      Plot.line(rows, { ...at, stroke: series(3), strokeWidth: 2.25 }),
      Plot.dot(first.sure.accuracy === null ? [] : [first.sure], {
        ...at,
        r: 5,
        fill: series(3),
        stroke: role('paper'),
        title: sentence(first).replace('\n', ' '),
      }),
      Plot.text([`● ${sentence(first)}`], {
        frameAnchor: 'bottom-left',
        dx: 8,
        dy: -14,
        lineWidth: frame.width < 500 ? 17 : 40,
        lineHeight: 1.3,
        lineAnchor: 'bottom',
        fill: series(3),
        stroke: role('paper'),
        strokeWidth: 5,
        text: (d: string) => d,
      }),
    ],
  })
}

const sentence = ({ name, sure }: Answers) =>
  sure.accuracy === null
    ? `${name} is never sure`
    : `${name}, where it is sure:\nanswers ${percent(sure.coverage)}, right in ${percent(sure.accuracy)} of them`
