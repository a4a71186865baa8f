import * as Plot from '@observablehq/plot'
import { type Frame, heading, plot, quietX, quietY } from '../../visualization/frame.ts'
import { wholeTicks } from '../../visualization/labels.ts'
import { role, series } from '../../visualization/theme.ts'
import type { SearchRecord } from '../record.ts'
import { axisName, cornerKey, searchMargins } from './frame.ts'
import { kept, metricTitle, searchDomain, type TrialState, trialSentence, valueFormat } from './values.ts'

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
    ...searchMargins,
    x: { domain: [1, last] },
    y: { domain },
    marks: [
      heading(`${metricTitle(record)} by epoch`, searchMargins.marginLeft),
      ...quietY({ ticks: 5, tickFormat: valueFormat(record, domain) }),
      quietX({ ticks: wholeTicks(1, last), tickFormat: (d: number) => `${d}` }),
      axisName('epoch'),
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
  const all = [
    { text: '— best', fill: role('ink'), isThere: rows.some(({ isBest }) => isBest) },
    {
      text: '— complete',
      fill: series(3),
      isThere: rows.some(({ state, isBest }) => state === 'complete' && !isBest),
    },
    { text: '—○ pruned', fill: series(0), isThere: rows.some(({ state }) => state === 'pruned') },
  ]
  return cornerKey(
    all.filter(({ isThere }) => isThere),
    84,
  )
}
