import { sharesDiffer } from '../base/statistics/shares.ts'
import { spreadOf } from '../base/statistics/spread.ts'
import { meansDiffer } from '../base/statistics/t-tests.ts'
import { monitors } from '../recipe/early-stopping.ts'
import { integer } from '../visualization/format.ts'
import { rankedTrials, type SearchRecord } from './record.ts'

/** What may be concluded of a search's winner, as a sentence; empty while the search goes on. */
export function conclusion(record: SearchRecord): string {
  const { stopReason, metric, repeats, validationImages } = record
  const [first, second] = rankedTrials(record)
  if (stopReason === '') return ''
  if (first === undefined) return 'No trial finished.'
  if (second === undefined) return `Trial ${first.trial} is the only one that finished.`
  const names = `Trial ${first.trial} and the runner-up, trial ${second.trial},`
  const lead = Math.abs(first.value! - second.value!)
  if (repeats > 1) {
    const [a, b] = [first, second].map((trial) => spreadOf(trial.repeats ?? [trial.value!]))
    return meansDiffer(a, b)
      ? `Over ${repeats} seeds trial ${first.trial} is better than the runner-up, trial ${second.trial} (95 % level).`
      : `${names} cannot be told apart over ${repeats} seeds: the lead of ${lead.toFixed(4)} is within their spread.`
  }
  if (!monitors[metric].isShare || validationImages === undefined)
    return `${names} were trained with one seed each: repeats with other seeds tell how much is chance.`
  const images = `${integer(validationImages)} validation images`
  return sharesDiffer(first.value!, second.value!, validationImages)
    ? `Trial ${first.trial} leads the runner-up, trial ${second.trial}, by more than the chance of its ${images}; seeds were not varied.`
    : `${names} cannot be told apart: the lead of ${lead.toFixed(4)} is within the chance of ${images}. Repeats with other seeds tell more.`
}
