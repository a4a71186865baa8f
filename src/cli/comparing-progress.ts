import type { ComparingEvent } from '../data/audit/duplicates.ts'
import { bar, clock, fitting, type Terminal } from './terminal.ts'

const BAR = 24

/** Shows how far the comparison of all images with all has come: a bar, millions of pairs a second, the time left. */
export function showComparing(terminal: Terminal): (event: ComparingEvent) => void {
  let began: { readonly time: number; readonly done: number } | undefined
  return ({ done, total }) => {
    const now = performance.now()
    began ??= { time: now, done }
    const seconds = (now - began.time) / 1000
    const rate = (done - began.done) / seconds
    const pieces = [
      { text: 'comparing images', worth: 5 },
      { text: bar(done / total, BAR), worth: 3 },
      { text: `${Math.round((100 * done) / total)} %`, worth: 9 },
      ...(seconds > 0.3
        ? [
            { text: `${Math.round(rate / 1e6).toLocaleString('en-US')} million pairs/s`, worth: 1 },
            { text: `${clock((total - done) / rate)} left`, worth: 7 },
          ]
        : []),
    ]
    terminal.progress(fitting(pieces, terminal.width - 1).join('  '))
  }
}
