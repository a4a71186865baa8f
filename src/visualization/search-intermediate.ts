import * as Plot from '@observablehq/plot'
import type { SearchRecord } from '../record/search.ts'
import { type Frame, heading, plot, quietX, quietY } from './frame.ts'
import { wholeTicks } from './labels.ts'
import {
  kept,
  metricTitle,
  searchDomain,
  type TrialState,
  trialSentence,
  valueFormat,
} from './search-values.ts'
import { role, series } from './theme.ts'

/** One reported value of a trial. */
export interface IntermediateRow {
  readonly trial: number
  readonly step: number
  readonly value: number
  readonly state: TrialState
  readonly isBest: boolean
  /** True at the last report. */
  readonly isLast: boolean
  readonly text: string
}

/** Every report of every trial. */
export function intermediateRows({ trials, best }: SearchRecord): IntermediateRow[] {
  return trials.flatMap((trial) =>
    trial.steps.map((step, i) => ({
      trial: trial.trial,
      step,
      value: trial.values[i],
      state: trial.state,
      isBest: trial.trial === best?.trial,
      isLast: i === trial.steps.length - 1,
      text: trialSentence(trial),
    })),
  )
}

const margins = { marginTop: 34, marginBottom: 42, marginLeft: 54, marginRight: 16 }

/** The curves of all trials: pruned ones end in a hollow dot, the best one stands out. */
export function drawIntermediate(document: Document, record: SearchRecord, frame: Frame) {
  const rows = intermediateRows(record)
  const domain = searchDomain(
    rows.map(({ value }) => value),
    record.direction,
  )
  const points = rows.map((row) => ({ ...row, ...kept(row.value, domain) }))
  const last = Math.max(2, ...rows.map(({ step }) => step))
  const lines = (
    filter: (row: IntermediateRow) => boolean,
    stroke: string,
    strokeWidth: number,
    opacity = 1,
  ) =>
    Plot.line(points.filter(filter), {
      x: 'step',
      y: 'y',
      z: 'trial',
      stroke,
      strokeWidth,
      strokeOpacity: opacity,
    })
  const isPruned = ({ state }: IntermediateRow) => state === 'pruned'
  return plot(document, frame, {
    ...margins,
    x: { domain: [1, last] },
    y: { domain },
    marks: [
      heading(`${metricTitle(record)} by epoch`, margins.marginLeft),
      ...quietY({ ticks: 5, tickFormat: valueFormat(record, domain) }),
      quietX({ ticks: wholeTicks(1, last), tickFormat: (d: number) => `${d}` }),
      Plot.text(['epoch'], { frameAnchor: 'bottom', dy: 36, fill: role('muted'), text: (d: string) => d }),
      lines((row) => isPruned(row), series(0), 1, 0.55),
      lines((row) => !isPruned(row) && !row.isBest, series(3), 1, 0.55),
      lines((row) => row.isBest, role('ink'), 2.25),
      Plot.dot(
        points.filter((row) => isPruned(row) && row.isLast),
        { x: 'step', y: 'y', r: 2.5, fill: role('paper'), stroke: series(0), title: 'text' },
      ),
      keyOf(rows),
    ],
  })
}

function keyOf(rows: readonly IntermediateRow[]): Plot.Markish {
  const shown = [
    ['— best', role('ink'), rows.some(({ isBest }) => isBest)],
    ['— complete', series(3), rows.some(({ state, isBest }) => state === 'complete' && !isBest)],
    ['—○ pruned', series(0), rows.some(({ state }) => state === 'pruned')],
  ].filter(([, , isThere]) => isThere) as [string, string, boolean][]
  return shown.map(([text, fill], i) =>
    Plot.text([text], {
      frameAnchor: 'top-right',
      dx: -(shown.length - 1 - i) * 84,
      dy: -20,
      textAnchor: 'end',
      fill,
      text: (d: string) => d,
    }),
  )
}
