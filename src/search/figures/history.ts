import * as Plot from '@observablehq/plot'
import { type Frame, heading, plot, quietX, quietY } from '../../visualization/frame.ts'
import { wholeTicks } from '../../visualization/labels.ts'
import { role } from '../../visualization/theme.ts'
import type { SearchRecord } from '../record.ts'
import { axisName, cornerKey, searchMargins } from './frame.ts'
import {
  kept,
  metricTitle,
  searchDomain,
  stateColor,
  type TrialState,
  trialSentence,
  valueFormat,
} from './values.ts'

/** A trial's value and the best complete one up to it. */
export interface HistoryRow {
  readonly trial: number
  readonly value: number
  readonly state: TrialState
  readonly best: number | undefined
  readonly isBest: boolean
  readonly text: string
}

/** Every trial that has a value, in their order. */
export function historyRows({ trials, direction, best }: SearchRecord): HistoryRow[] {
  let soFar: number | undefined
  const better = (value: number) =>
    soFar === undefined || (direction === 'maximize' ? value > soFar : value < soFar)
  return trials.flatMap((trial) => {
    const { value, state } = trial
    if (value === null) return []
    if (state === 'complete' && better(value)) soFar = value
    return [
      {
        trial: trial.trial,
        value,
        state,
        best: soFar,
        isBest: trial.trial === best?.trial,
        text: trialSentence(trial),
      },
    ]
  })
}

type Dot = HistoryRow & { readonly isBeyond: boolean }

/** Trials one after another, and how the best of them came about. */
export function drawHistory(document: Document, record: SearchRecord, frame: Frame) {
  const rows = historyRows(record)
  const domain = searchDomain(
    rows.map(({ value }) => value),
    record.direction,
  )
  const dots = rows.map((row) => ({ ...row, ...kept(row.value, domain) }))
  const last = Math.max(1, record.trials.length - 1)
  return plot(document, frame, {
    ...searchMargins,
    x: { domain: [0, last] },
    y: { domain },
    marks: [
      heading(`${metricTitle(record)} by trial`, searchMargins.marginLeft),
      ...quietY({ ticks: 5, tickFormat: valueFormat(record, domain) }),
      quietX({ ticks: wholeTicks(0, last), tickFormat: (d: number) => `${d}` }),
      axisName('trial'),
      Plot.line(
        dots.filter(({ best }) => best !== undefined),
        { x: 'trial', y: 'best', curve: 'step-after', stroke: role('ink'), strokeWidth: 1.5 },
      ),
      Plot.dot(dots, {
        x: 'trial',
        y: 'y',
        r: (d: Dot) => (d.isBest ? 5.5 : 3),
        symbol: (d: Dot) => (d.isBeyond ? 'triangle' : 'circle'),
        fill: (d: Dot) => (d.state === 'complete' ? stateColor(d.state) : role('paper')),
        stroke: (d: Dot) => stateColor(d.state),
        strokeWidth: 1.5,
        title: 'text',
      }),
      stateKey(rows.map(({ state }) => state)),
    ],
  })
}

/** What the marks mean, in the upper right. */
export function stateKey(states: readonly TrialState[]): Plot.Markish {
  const all = [
    ['complete', '● complete'],
    ['pruned', '○ pruned'],
    ['failed', '○ failed'],
  ] as const
  const shown = all.filter(([state]) => states.includes(state))
  return cornerKey(
    shown.map(([state, text]) => ({ text, fill: stateColor(state) })),
    78,
  )
}
