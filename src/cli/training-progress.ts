import type { EpochEvent, ProgressEvent, RunEvent } from '../record/events.ts'
import { bar, clock, fitting, type Terminal } from './terminal.ts'

const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(2)} %`)
const fixed = (x: number | null) => (x === null ? '–' : x.toFixed(4))

interface Column {
  readonly title: string
  /** Columns of lesser worth go first where the screen is narrow. */
  readonly worth: number
  cell(event: EpochEvent, epochs: number): string
}

/** The table of epochs. */
const table: readonly Column[] = [
  { title: 'epoch', worth: 9, cell: ({ epoch }, epochs) => `${epoch}/${epochs}` },
  { title: '   loss', worth: 3, cell: ({ loss }) => fixed(loss) },
  { title: 'accuracy', worth: 2, cell: ({ accuracy }) => percent(accuracy) },
  { title: 'val. loss', worth: 6, cell: ({ valLoss }) => fixed(valLoss) },
  { title: 'val. accuracy', worth: 7, cell: ({ valAccuracy }) => percent(valAccuracy) },
  { title: '  time', worth: 1, cell: ({ seconds }) => `${seconds.toFixed(1)} s` },
  { title: 'best', worth: 5, cell: ({ best }) => (best ? '●  ' : '') },
]

/** Widest first cell: `100/100`. */
const padded = (column: Column, text: string, epochs: number) =>
  text.padStart(Math.max(column.title.length, column === table[0] ? 2 * String(epochs).length + 1 : 0))

/** Bars shorter than this say nothing. */
const SHORTEST_BAR = 5
const LONGEST_BAR = 30

/** The line within an epoch, as wide as the screen allows. */
function progressLine(event: ProgressEvent, epochs: number, secondsLeft: number, width: number): string {
  const { epoch, step, steps, loss, accuracy, imagesPerSecond } = event
  const head = `${epoch}/${epochs}`.padStart(Math.max(5, 2 * String(epochs).length + 1))
  const pieces = fitting(
    [
      { text: head, worth: 9 },
      { text: `loss ${fixed(loss)}`, worth: 7 },
      { text: `accuracy ${percent(accuracy)}`, worth: 5 },
      { text: `${Math.round(imagesPerSecond).toLocaleString('en-US')} images/s`, worth: 3 },
      { text: `${clock(secondsLeft)} left`, worth: 8 },
    ],
    width,
  )
  const space = width - pieces.join('  ').length - 2
  if (space < SHORTEST_BAR) return pieces.join('  ')
  return [pieces[0], bar(step / steps, Math.min(space, LONGEST_BAR)), ...pieces.slice(1)].join('  ')
}

/** Shows a run's events: a bar within an epoch, a line of a table after each. `prefix` sets them in. */
export function showTraining(
  terminal: Terminal,
  epochs: number,
  prefix = '',
): (event: RunEvent | ProgressEvent) => void {
  const began = performance.now()
  const width = terminal.width - 1 - prefix.length
  const titles = table.map((column) => ({
    column,
    text: padded(column, column.title, epochs),
    worth: column.worth,
  }))
  const shown = fitting(titles, width)
  const kept = titles.filter(({ text }) => shown.includes(text)).map(({ column }) => column)
  let headed = false
  let first: number | undefined
  return (event) => {
    if (!headed && (event.type === 'progress' || event.type === 'epoch')) {
      terminal.note(`${prefix}${terminal.dim(shown.join('  '))}`)
      headed = true
    }
    switch (event.type) {
      case 'progress': {
        const done = event.epoch - 1 + event.step / event.steps
        first ??= event.epoch - 1
        const left = ((performance.now() - began) / 1000) * ((epochs - done) / (done - first))
        terminal.progress(prefix + progressLine(event, epochs, left, terminal.width - 1 - prefix.length))
        break
      }
      case 'epoch':
        terminal.note(
          prefix +
            kept
              .map((column) => padded(column, column.cell(event, epochs), epochs))
              .join('  ')
              .trimEnd(),
        )
        break
      case 'stopped':
      case 'failed':
        terminal.note(`${prefix}${event.message}`)
        break
      case 'started':
      case 'checkpoint':
      case 'finished':
        break
      default:
        event satisfies never
    }
  }
}
