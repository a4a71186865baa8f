import { summarize } from '../../../src/runs/summarize.ts'
import { decimal, duration, integer, percent } from '../../../src/visualization/format.ts'
import { training } from '../../training/client.ts'

/** Where the training is, in a bar and in words. */
export function Progress() {
  const events = training.events.value
  const started = events.find((event) => event.type === 'started')
  const { epoch: done } = summarize(events)
  const now = training.progress.value
  const status = training.status.value
  if (started === undefined || status === 'ended' || status === 'failed') return null
  const isNow = now !== undefined && now.epoch > done
  const share = (done + (isNow ? now.step / now.steps : 0)) / started.epochs
  const left = now && ((1 - share) * started.epochs * started.trainImages) / now.imagesPerSecond
  return (
    <div class="progress">
      <progress value={share} max={1} aria-label="Progress of the training" />
      <p class="hint figures">
        Epoch {Math.min(started.epochs, done + 1)} of {started.epochs}
        {isNow && (
          <>
            , step {integer(now.step)} of {integer(now.steps)}: loss {decimal(now.loss, 3)}, accuracy{' '}
            {percent(now.accuracy)}
          </>
        )}
        {now !== undefined && <>, {integer(now.imagesPerSecond)} images/s</>}
        {left !== undefined && Number.isFinite(left) && <>, about {duration(left)} left</>}
      </p>
    </div>
  )
}

/** The status in words, announced at every change. */
export function StatusLine() {
  return (
    <p role="status" class="status">
      {sentence()}
    </p>
  )
}

function sentence(): string {
  const events = training.events.value
  switch (training.status.value) {
    case 'idle':
      return ''
    case 'running':
      return 'Training.'
    case 'paused':
      return 'Paused.'
    case 'stopping':
      return 'Stopping.'
    case 'failed':
      return 'Training failed.'
    case 'ended': {
      const { best } = summarize(events)
      if (best === undefined || best.valAccuracy === null)
        return 'Stopped before the first epoch was finished.'
      const end = training.outcome.value?.status === 'interrupted' ? 'Stopped' : 'Finished'
      return `${end}. Best epoch ${best.epoch}: ${percent(best.valAccuracy)} of the validation images are classified correctly.`
    }
  }
}
