import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import type { Manifest } from '../../../src/record/manifest.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { decimal, duration, integer } from '../../../src/visualization/format.ts'
import type { Fact } from '../../parts/facts.tsx'
import { shortTime } from '../../parts/short-time.ts'

const options = (spec: Readonly<Record<string, unknown>>) =>
  Object.entries(spec)
    .filter(([name, value]) => name !== 'kind' && value !== undefined && value !== false && value !== 0)
    .map(([name, value]) =>
      `${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)} ${value === true ? '' : value}`.trim(),
    )

const withOptions = (spec: { readonly kind: string }) => [spec.kind, ...options(spec)].join(', ')

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
    settings && ['Optimizer', withOptions(settings.optimizer)],
    settings?.schedule && ['Schedule', withOptions(settings.schedule)],
    settings && ['Batch size', integer(settings.batch)],
    settings && ['Epochs', `${integer(history.length)} of ${integer(settings.epochs)}`],
    settings?.earlyStopping && [
      'Early stopping',
      `after ${integer(settings.earlyStopping.patience)} epochs without improvement`,
    ],
    settings?.loss === 'softmax-twice' && ['Loss', 'softmax applied twice'],
    Boolean(settings?.labelSmoothing) && ['Label smoothing', decimal(settings?.labelSmoothing ?? 0, 2)],
    settings?.augmentation && ['Augmentation', 'yes'],
    settings && ['Seed', String(settings.seed)],
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
