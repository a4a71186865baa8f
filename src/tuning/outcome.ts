import type { SearchJournal } from './journal/search-journal.ts'
import type { Trial } from './journal/trial.ts'
import type { Outcome } from './pool/pool.ts'
import { standingAt } from './standings.ts'

/**
 * Writes into the journal how a trial ended. A value that is no number is a failure; a pruned trial keeps the best value that it
 * reported, an interrupted one waits to be gone on with. `sign` is 1 where less is better, −1 where more is.
 */
export function writeOutcome(journal: SearchJournal, trial: Trial, outcome: Outcome, sign: number): void {
  switch (outcome.type) {
    case 'complete': {
      const { value, attributes } = outcome
      if (Number.isFinite(value)) journal.finish(trial, 'complete', value, attributes)
      else {
        const message = `The value was ${value}.`
        journal.finish(trial, 'failed', undefined, { ...attributes, reason: 'diverged', message })
      }
      return
    }
    case 'pruned': {
      const best = standingAt(trial, trial.steps.at(-1) ?? 0, sign)?.best
      journal.finish(trial, 'pruned', best === undefined ? undefined : sign * best, outcome.attributes)
      return
    }
    case 'failed': {
      const { reason, message, attributes } = outcome
      journal.finish(trial, 'failed', undefined, { ...attributes, reason, message })
      return
    }
    case 'interrupted':
      journal.mark(trial, 'waiting')
      return
    default:
      outcome satisfies never
  }
}
