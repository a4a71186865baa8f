import type { RunRow } from '../../../src/catalog/run-row.ts'
import { describeRecipe } from '../../../src/recipe/describe.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import type { Manifest } from '../../../src/record/manifest.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { capitalized, duration, integer } from '../../../src/visualization/format.ts'
import type { Fact } from '../../parts/facts.tsx'
import { shortTime } from '../../parts/short-time.ts'

/** The settings of a run, and what it was trained with. */
export function runFacts(row: RunRow, manifest: Manifest | null, events: readonly RunEvent[]) {
  const { settings, engine, data } = row
  const { history, seconds, imagesPerSecond, weightsHash } = summarize(events)
  const split = manifest?.data.split.counts
  const facts: (Fact | undefined | false | null)[] = [
    row.model !== null && ['Network', `${row.model}, ${integer(row.parameters ?? 0)} parameters`],
    data && [
      'Data',
      `${data.title}${split ? `, ${integer(split.train)} for training, ${integer(split.validation)} for validation` : ''}`,
    ],
    ...(settings ? describeRecipe(settings) : []).map(
      ({ key, label, text }): Fact => [
        capitalized(label),
        key === 'epochs' ? `${integer(history.length)} of ${text}` : text,
      ],
    ),
    engine && [
      'Engine',
      `${engine.backend} ${engine.variant}, ${engine.arithmetic}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}`,
    ],
    ['Time', `${duration(seconds)}${imagesPerSecond ? `, ${integer(imagesPerSecond)} images/s` : ''}`],
    row.createdAt !== null && ['Started', shortTime(row.createdAt)],
    weightsHash !== undefined && ['Weights', <code key="hash">{weightsHash.slice(0, 16)}</code>],
  ]
  return facts.filter((fact): fact is Fact => Boolean(fact))
}
