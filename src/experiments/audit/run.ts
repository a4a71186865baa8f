import { auditDuplicates, type ComparingEvent, type DuplicateAudit } from '../../data/audit/duplicates.ts'
import { picturesOf, worthShowing } from '../../data/audit/show.ts'
import type { Dataset, LabeledImages } from '../../data/dataset.ts'
import { take } from '../../data/hold-out.ts'
import type { Engine } from '../../model/network.ts'
import type { SplitDataset } from '../../runs/recorded-run.ts'
import type { ExperimentEvent } from '../laboratory.ts'
import { auditLabels, type LabelFindings, type PlacedSuspect } from './labels.ts'
import type { AuditRecord, DuplicatesRecord, LabelsRecord } from './record.ts'
import type { AuditSettings } from './settings.ts'

export type AuditEvent = ComparingEvent | ExperimentEvent

/** What an audit finds: what a report shows, and all of it. */
export interface AuditFindings {
  readonly record: AuditRecord
  readonly duplicates: DuplicateAudit
  readonly suspects: readonly PlacedSuspect[]
}

export interface AuditRequest {
  readonly data: SplitDataset
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/** As many as fill a few rows of a figure. */
const SHOWN = { pairs: 24, suspects: 48 }

/** Looks for faults of a set: images twice, and labels that are probably wrong; undefined where it was interrupted. */
export async function* audit(
  settings: AuditSettings,
  request: AuditRequest,
): AsyncGenerator<AuditEvent, AuditFindings | undefined, undefined> {
  const { data, engine, signal } = request
  const { threshold, nearest } = settings
  const duplicates = yield* auditDuplicates(data.dataset, data.split, {
    calculator: engine,
    threshold,
    nearest,
    signal,
  })
  if (duplicates === undefined) return undefined
  const labels = yield* auditLabels({ data, engine, settings: settings.labels, signal })
  if (labels === undefined) return undefined
  const record = {
    duplicates: describeDuplicates(duplicates, data.dataset),
    labels: describeLabels(labels, data.dataset.train),
  }
  return { record, duplicates, suspects: labels.suspects }
}

const base64 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

function describeDuplicates(found: DuplicateAudit, dataset: Dataset): DuplicatesRecord {
  const shown = worthShowing(found.pairs, SHOWN.pairs)
  const sizes = found.groups.map((group) => group.length)
  return {
    threshold: found.threshold,
    counts: [...found.counts],
    groups: {
      count: sizes.length,
      images: sizes.reduce((a, b) => a + b, 0),
      largest: sizes.reduce((a, b) => Math.max(a, b), 0),
    },
    ...(found.nearest && { nearest: describeNearest(found.nearest) }),
    shown,
    pixels: base64(picturesOf(dataset, shown)),
  }
}

function describeNearest(rows: NonNullable<DuplicateAudit['nearest']>): DuplicatesRecord['nearest'] {
  const sorted = rows.map(({ distance }) => distance).sort((a, b) => a - b)
  const deciles = Array.from({ length: 11 }, (_, i) => sorted[Math.round((i / 10) * (sorted.length - 1))])
  return { deciles, accuracy: rows.filter(({ isSameLabel }) => isSameLabel).length / rows.length }
}

function describeLabels({ record, suspects, test }: LabelFindings, train: LabeledImages): LabelsRecord {
  const shown = suspects.slice(0, SHOWN.suspects)
  const pixels = shown.map(
    ({ split, index }) => take(split === 'test' ? test : train, Int32Array.of(index)).pixels,
  )
  return { ...record, shown, pixels: Buffer.concat(pixels).toString('base64') }
}
