import * as Plot from '@observablehq/plot'
import { least } from '../../base/extremes.ts'
import { secondsTicks } from '../../visualization/cost.ts'
import { type Frame, heading, plot, quietX } from '../../visualization/frame.ts'
import { role } from '../../visualization/theme.ts'
import type { SearchRecord } from '../record.ts'
import { stateKey } from './history.ts'
import { stateColor, type TrialState, trialSentence } from './values.ts'

/** When a worker was busy with a trial, in seconds since the search began. */
export interface TimelineRow {
  readonly worker: number
  readonly trial: number
  readonly from: number
  readonly to: number
  readonly state: TrialState
  readonly isBest: boolean
  readonly text: string
}

/** The trials that have ended, by worker. */
export function timelineRows({ trials, best }: SearchRecord): TimelineRow[] {
  const ended = trials.filter((trial) => trial.endedAt !== null && trial.startedAt !== '')
  const zero = least(ended.map(({ startedAt }) => Date.parse(startedAt)))
  return ended.map((trial) => ({
    worker: trial.worker ?? 0,
    trial: trial.trial,
    from: (Date.parse(trial.startedAt) - zero) / 1000,
    to: (Date.parse(trial.endedAt!) - zero) / 1000,
    state: trial.state,
    isBest: trial.trial === best?.trial,
    text: trialSentence(trial),
  }))
}

/** The height that a number of workers wants. */
export const timelineHeight = (workers: number) => 76 + 34 * workers

const margins = { marginTop: 34, marginBottom: 40, marginLeft: 74, marginRight: 16 }

/** What each worker did when. */
export function drawTimeline(document: Document, record: SearchRecord, frame: Frame) {
  const rows = timelineRows(record)
  const end = Math.max(1, ...rows.map(({ to }) => to))
  const unit =
    end > 7200
      ? { name: 'hours', seconds: 3600 }
      : end > 180
        ? { name: 'minutes', seconds: 60 }
        : { name: 'seconds', seconds: 1 }
  const workers = [...new Set(rows.map(({ worker }) => worker))].sort((a, b) => a - b)
  return plot(document, frame, {
    ...margins,
    x: { domain: [0, end] },
    y: { domain: workers, axis: null, type: 'band', padding: 0.25 },
    marks: [
      heading('Workers', margins.marginLeft),
      Plot.text(workers, {
        y: (d: number) => d,
        frameAnchor: 'left',
        dx: -10,
        textAnchor: 'end',
        text: (d: number) => `worker ${d}`,
      }),
      quietX({
        ticks: [0, ...roundTicks(end / unit.seconds).map((t) => t * unit.seconds)],
        tickFormat: (d: number) => `${d / unit.seconds}`,
      }),
      Plot.text([unit.name], { frameAnchor: 'bottom', dy: 34, fill: role('muted'), text: (d: string) => d }),
      Plot.barX(rows, {
        x1: 'from',
        x2: 'to',
        y: 'worker',
        fill: (d) => (d.isBest ? role('ink') : stateColor(d.state)),
        fillOpacity: (d) => (d.isBest ? 1 : 0.75),
        stroke: role('paper'),
        strokeWidth: 0.75,
        title: 'text',
      }),
      stateKey(rows.map(({ state }) => state)),
    ],
  })
}

/** At most about eight even, round numbers from above 0 to the end. */
function roundTicks(end: number): number[] {
  const step = secondsTicks(0.1, 1e6).find((s) => end / s <= 8) ?? end
  return Array.from({ length: Math.floor(end / step) }, (_, i) => Number(((i + 1) * step).toPrecision(6)))
}
