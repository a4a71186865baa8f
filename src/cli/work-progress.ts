import type { ExperimentEvent } from '../experiments/experiment.ts'
import { bar, clock, fitting, type Terminal } from './terminal.ts'

const BAR = 24

/** How much an experiment does at a time that is no training. */
export type WorkEvent = Extract<ExperimentEvent, { readonly type: 'work' }>

/** From here on, in a second, a rate is told in millions. */
const MANY = 1e5

/** Shows how far an experiment's work has come: a bar, how much a second, the time left. */
export function showWork(terminal: Terminal): (event: WorkEvent) => void {
  let began: { readonly name: string; readonly time: number; readonly done: number } | undefined
  return ({ name, done, total, unit }) => {
    const now = performance.now()
    if (began?.name !== name || done < began.done) began = { name, time: now, done }
    const seconds = (now - began.time) / 1000
    const rate = (done - began.done) / seconds
    const [shown, how] = rate >= MANY ? [Math.round(rate / 1e6), `million ${unit}`] : [Math.round(rate), unit]
    const pieces = [
      { text: name, worth: 5 },
      { text: bar(done / total, BAR), worth: 3 },
      { text: `${Math.round((100 * done) / total)} %`, worth: 9 },
      ...(seconds > 0.3
        ? [
            { text: `${shown.toLocaleString('en-US')} ${how}/s`, worth: 1 },
            { text: `${clock((total - done) / rate)} left`, worth: 7 },
          ]
        : []),
    ]
    terminal.progress(fitting(pieces, terminal.width - 1).join('  '))
  }
}
