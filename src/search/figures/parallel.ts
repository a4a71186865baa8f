import * as Plot from '@observablehq/plot'
import { ellipsis } from '../../visualization/format.ts'
import { type Frame, plot } from '../../visualization/frame.ts'
import { role } from '../../visualization/theme.ts'
import { type AxisRecord, type SearchRecord, varying } from '../record.ts'
import { axisPlace, axisTicks } from './axis.ts'
import { kept, searchDomain, trialSentence, valueFormat } from './values.ts'

/** Where a trial crosses an axis. */
export interface ParallelRow {
  readonly trial: number
  /** The number of the axis; the last is the value. */
  readonly axis: number
  /** In [0, 1]; −0.1 where the parameter was not there. */
  readonly place: number
  /** 0 for the worst to 7 for the best, by rank. */
  readonly shade: number
  readonly isBest: boolean
  readonly text: string
}

const MISSING = -0.1

/** Every trial that has a value as a line over all axes, the worse ones first. */
export function parallelRows(record: SearchRecord): ParallelRow[] {
  const { trials, direction, best } = record
  const axes = varying(record.axes)
  const sign = direction === 'maximize' ? 1 : -1
  const known = trials.filter(({ value, state }) => value !== null && state !== 'failed')
  const order = [...known].sort((a, b) => sign * (a.value! - b.value!) || b.trial - a.trial)
  const [low, high] = searchDomain(
    order.map(({ value }) => value!),
    direction,
  )
  return order.flatMap((trial, rank) => {
    const common = {
      trial: trial.trial,
      shade: Math.min(7, Math.floor((8 * rank) / order.length)),
      isBest: trial.trial === best?.trial,
      text: trialSentence(trial),
    }
    // Within a listed value the better lines stand higher, so that none hides all others.
    const lift = (rank + 0.5) / order.length - 0.5
    const places = axes.map((axis) => {
      const value = trial.parameters[axis.name]
      if (value === undefined) return MISSING
      return axisPlace(axis, value) + (axis.values === undefined ? 0 : (0.6 * lift) / axis.values.length)
    })
    const { y } = kept(trial.value!, [low, high])
    return [...places, (y - low) / (high - low || 1)].map((place, axis) => ({ ...common, axis, place }))
  })
}

const margins = { marginTop: 44, marginBottom: 24, marginLeft: 40, marginRight: 56 }

/** Parallel coordinates: one axis a parameter, the last the value; the darker a line, the better. */
export function drawParallel(document: Document, record: SearchRecord, frame: Frame) {
  const rows = parallelRows(record)
  const axes = varying(record.axes)
  const known = record.trials.flatMap(({ value, state }) =>
    value === null || state === 'failed' ? [] : [value],
  )
  const domain = searchDomain(known, record.direction)
  const format = valueFormat(record, domain)
  const valueTicks = [0, 0.5, 1].map((place) => ({
    place,
    text: format(domain[0] + place * (domain[1] - domain[0])),
  }))
  const named = axes.map((axis: AxisRecord) => ({ name: axis.name, ticks: axisTicks(axis) }))
  const all = [...named, { name: record.metric, ticks: valueTicks }]
  const missing = rows.some(({ place }) => place === MISSING)
  const most = Math.max(6, Math.floor((frame.width - 96) / axes.length / 7.5))
  return plot(document, frame, {
    ...margins,
    x: { domain: [0, axes.length], axis: null },
    y: { domain: [missing ? MISSING - 0.02 : 0, 1], axis: null },
    marks: [
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((shade) =>
        Plot.line(
          rows.filter((row) => row.shade === shade && !row.isBest),
          {
            x: 'axis',
            y: 'place',
            z: 'trial',
            stroke: `var(--hit-${shade})`,
            strokeWidth: 1.25,
            title: 'text',
          },
        ),
      ),
      Plot.line(
        rows.filter(({ isBest }) => isBest),
        { x: 'axis', y: 'place', z: 'trial', stroke: role('ink'), strokeWidth: 2.5, title: 'text' },
      ),
      Plot.ruleX(all, { x: (_, i) => i, y1: 0, y2: 1, stroke: role('muted') }),
      Plot.text(all, {
        x: (_, i) => i,
        y: () => 1,
        dy: -18,
        text: (d: { name: string }) => ellipsis(d.name, most),
        fontWeight: 600,
      }),
      ...all.map(({ ticks }, axis) =>
        Plot.text(ticks, {
          x: () => axis,
          y: 'place',
          text: 'text',
          dx: 6,
          textAnchor: 'start',
          fill: role('ink'),
          stroke: role('paper'),
          strokeWidth: 4,
        }),
      ),
      ...(missing
        ? [
            Plot.text(['not there'], {
              x: () => 0,
              y: () => MISSING,
              dx: -30,
              textAnchor: 'start',
              fill: role('muted'),
              text: (d: string) => d,
            }),
          ]
        : []),
    ],
  })
}
