import * as Plot from '@observablehq/plot'
import { ellipsis } from '../../visualization/format.ts'
import { type Frame, heading, plot, quietX, quietY } from '../../visualization/frame.ts'
import { role } from '../../visualization/theme.ts'
import type { SearchRecord } from '../record.ts'
import { axisPlace, axisTicks } from './axis.ts'
import { kept, searchDomain, stateColor, type TrialState, trialSentence, valueFormat } from './values.ts'

/** A trial seen along one parameter. */
export interface SliceRow {
  readonly trial: number
  readonly place: number
  readonly value: number
  readonly state: TrialState
  readonly isBest: boolean
  readonly text: string
}

/** The trials in which a parameter was there. */
export function sliceRows(record: SearchRecord, name: string): SliceRow[] {
  const axis = record.axes.find((one) => one.name === name)
  if (axis === undefined) return []
  return record.trials.flatMap((trial) => {
    const { value, state, parameters } = trial
    if (value === null || parameters[name] === undefined) return []
    const place = axisPlace(axis, parameters[name])
    const isBest = trial.trial === record.best?.trial
    return [{ trial: trial.trial, place, value, state, isBest, text: trialSentence(trial) }]
  })
}

/** Moves dots of listed values apart: a third of the distance between two values, by the trial's number. */
const aside = (trial: number, count: number) => (((trial * 7) % 13) / 13 - 0.5) * (0.5 / count)

const margins = { marginTop: 34, marginBottom: 30, marginLeft: 48, marginRight: 12 }

/** Values along one parameter. */
export function drawSlice(document: Document, record: SearchRecord, name: string, frame: Frame) {
  const axis = record.axes.find((one) => one.name === name)!
  const known = record.trials.flatMap(({ value }) => (value === null ? [] : [value]))
  const domain = searchDomain(known, record.direction)
  const rows = sliceRows(record, name).map((row) => ({
    ...row,
    ...kept(row.value, domain),
    x: row.place + (axis.values ? aside(row.trial, axis.values.length) : 0),
  }))
  const ticks = axisTicks(axis)
  const textOf = new Map(ticks.map(({ place, text }) => [place, text]))
  return plot(document, frame, {
    ...margins,
    x: { domain: [0, 1] },
    y: { domain },
    marks: [
      heading(ellipsis(name, 28), margins.marginLeft),
      ...quietY({ ticks: 4, tickFormat: valueFormat(record, domain) }),
      quietX({ ticks: ticks.map(({ place }) => place), tickFormat: (d: number) => textOf.get(d) ?? '' }),
      Plot.dot(rows, {
        x: 'x',
        y: 'y',
        r: (d) => (d.isBest ? 5 : 2.75),
        fill: (d) => (d.isBest ? role('ink') : d.state === 'complete' ? stateColor(d.state) : role('paper')),
        stroke: (d) => (d.isBest ? role('paper') : stateColor(d.state)),
        strokeWidth: 1.25,
        title: 'text',
      }),
    ],
  })
}
