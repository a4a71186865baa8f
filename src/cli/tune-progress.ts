import type { TrialRecord } from '../search/record.ts'
import type { NetworkSearchEvent } from '../search/run.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import { bar, clock, type Terminal } from './terminal.ts'

/** A point in one line, or those of its parameters that are to be shown: `batch 32, learningRate 0.01`. */
export const spoken = (
  parameters: TrialRecord['parameters'],
  isShown: (name: string) => boolean = () => true,
) =>
  Object.entries(parameters)
    .filter(([name]) => isShown(name))
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join(', ')

/**
 * Shows a search: a line for every trial that ends, with the parameters that are not the same in all of them, and below
 * it how far the whole has come.
 */
export function openTuneProgress(
  terminal: Terminal,
  trials: number,
  isShown: (name: string) => boolean = () => true,
) {
  const counts = { complete: 0, pruned: 0, failed: 0 }
  const began = performance.now()
  let [before, best] = [0, undefined as Trial | undefined]
  const running = new Map<number, Trial>()
  const draw = () => {
    const done = counts.complete + counts.pruned + counts.failed
    const seconds = (performance.now() - began) / 1000
    const left = done === 0 ? Number.NaN : (seconds / done) * (trials - before - done)
    const now = [...running.values()].map(({ number, steps }) => `${number}:${steps.length}`).join(' ')
    terminal.progress(
      `${bar((before + done) / trials, 16)} ${before + done}/${trials} done, ${counts.pruned} pruned, ${counts.failed} failed` +
        `${best === undefined ? '' : `, best ${best.value!.toFixed(4)} (trial ${best.number})`}, ${clock(left)} left  ` +
        `${now === '' ? '' : `trial:epoch ${now}`}`,
    )
  }
  const timer = setInterval(draw, 1000)
  timer.unref()
  const show = (event: NetworkSearchEvent) => {
    switch (event.type) {
      case 'started':
        before = event.finished
        if (before > 0) terminal.note(`Resuming after ${before} finished trials.`)
        break
      case 'begun':
        running.set(event.trial.number, event.trial)
        break
      case 'report':
        break
      case 'ended': {
        const { trial } = event
        running.delete(trial.number)
        if (trial.state === 'complete' || trial.state === 'pruned' || trial.state === 'failed')
          counts[trial.state] += 1
        const isBest = event.isBest
        if (isBest) best = trial
        const point = spoken(trial.point, isShown)
        terminal.note(lineOf(trial, isBest, point, String(trials).length))
        break
      }
      case 'warning':
        terminal.warn(event.message)
        break
      case 'phase':
        terminal.progress(event.message)
        break
      default:
        event satisfies never
    }
    if (event.type !== 'phase') draw()
  }
  return {
    show,
    close() {
      clearInterval(timer)
      terminal.clear()
    },
  }
}

function lineOf(
  { number, state, value, attributes }: Trial,
  isBest: boolean,
  point: string,
  digits: number,
): string {
  const said = value === undefined ? '' : `  ${value.toFixed(4)}`
  const epochs = typeof attributes.round_epochs === 'number' ? `  ${attributes.round_epochs} epochs` : ''
  const why = state === 'failed' ? `  ${attributes.message ?? ''}` : ''
  return `trial ${String(number).padStart(digits)}  ${state.padEnd(8)}${said}${epochs}  ${point}${isBest ? '  ●' : ''}${why}`
}
