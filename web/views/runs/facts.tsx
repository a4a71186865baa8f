import type { ComponentChildren } from 'preact'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { RunEvent } from '../../../src/record/events.ts'
import type { Manifest } from '../../../src/record/manifest.ts'
import { summarize } from '../../../src/runs/summarize.ts'
import { decimal, duration, integer } from '../../../src/visualization/format.ts'
import { shortTime } from './columns.ts'

/** Facts with their names. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const options = (spec: Readonly<Record<string, unknown>>) =>
  Object.entries(spec)
    .filter(([name, value]) => name !== 'kind' && value !== undefined && value !== false && value !== 0)
    .map(([name, value]) =>
      `${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)} ${value === true ? '' : value}`.trim(),
    )

const withOptions = (spec: { readonly kind: string }) => [spec.kind, ...options(spec)].join(', ')

/** What a run was asked for, and by what it was done. */
export function runFacts(row: RunRow, manifest: Manifest | null, events: readonly RunEvent[]) {
  const { settings, engine, data } = row
  const { history, seconds, imagesPerSecond, weightsHash } = summarize(events)
  const split = manifest?.data.split.counts
  const facts: (readonly [string, ComponentChildren] | undefined | false | null)[] = [
    row.model !== null && ['Network', `${row.model}, ${integer(row.parameters ?? 0)} parameters`],
    data && [
      'Data',
      `${data.title}${split ? `, ${integer(split.train)} to learn from and ${integer(split.validation)} to validate` : ''}`,
    ],
    settings && ['Optimizer', withOptions(settings.optimizer)],
    settings?.schedule && ['Schedule', withOptions(settings.schedule)],
    settings && ['Batch', integer(settings.batch)],
    settings && ['Epochs', `${integer(history.length)} of ${integer(settings.epochs)}`],
    settings?.earlyStopping && [
      'Stops early',
      `after ${integer(settings.earlyStopping.patience)} epochs without progress`,
    ],
    settings?.loss === 'softmax-twice' && ['Loss', 'softmax applied twice'],
    Boolean(settings?.labelSmoothing) && ['Label smoothing', decimal(settings?.labelSmoothing ?? 0, 2)],
    settings?.augmentation && ['Augmentation', 'yes'],
    settings && ['Seed', String(settings.seed)],
    engine && [
      'Engine',
      `${engine.backend} ${engine.variant}, ${engine.arithmetic}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}`,
    ],
    ['Time', `${duration(seconds)}${imagesPerSecond ? `, ${integer(imagesPerSecond)} images a second` : ''}`],
    row.createdAt !== null && ['Began', shortTime(row.createdAt)],
    weightsHash !== undefined && ['Weights', <code key="hash">{weightsHash.slice(0, 16)}</code>],
  ]
  return facts.filter((fact): fact is readonly [string, ComponentChildren] => Boolean(fact))
}
