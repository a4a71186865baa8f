import { auditDuplicates, type DuplicateAudit } from '../../data/audit/duplicates.ts'
import { worthShowing } from '../../data/audit/show.ts'
import type { ExperimentStream, Laboratory } from '../experiment.ts'
import { auditLabels, type PlacedSuspect } from './labels.ts'
import type { AuditRecord, DuplicatesRecord } from './record.ts'
import type { AuditSettings } from './settings.ts'

/** What an audit finds: what a report shows, and all of it. */
export interface AuditFindings {
  readonly record: AuditRecord
  readonly duplicates: DuplicateAudit
  readonly suspects: readonly PlacedSuspect[]
}

/** As many as fill a few rows of a figure. */
const SHOWN = { pairs: 24, suspects: 48 }

/** Looks for faults of a set: images twice, and labels that are probably wrong; undefined where it was interrupted. */
export async function* audit(
  settings: AuditSettings,
  { data, engine, signal }: Pick<Laboratory, 'data' | 'engine' | 'signal'>,
): ExperimentStream<AuditFindings> {
  const { threshold, nearest } = settings
  const options = { calculator: engine, threshold, nearest, signal }
  const comparing = auditDuplicates(data.dataset, data.split, options)
  let next = await comparing.next()
  for (; !next.done; next = await comparing.next()) {
    const { done, total } = next.value
    yield { type: 'work', name: 'comparing images', done, total, unit: 'pairs' }
  }
  const duplicates = next.value
  if (duplicates === undefined) return undefined
  const labels = yield* auditLabels({ data, engine, settings: settings.labels, signal })
  if (labels === undefined) return undefined
  const { suspects } = labels
  const record = {
    duplicates: describeDuplicates(duplicates),
    labels: { ...labels.record, shown: suspects.slice(0, SHOWN.suspects) },
  }
  return { record, duplicates, suspects }
}

function describeDuplicates(found: DuplicateAudit): DuplicatesRecord {
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
    shown: worthShowing(found.pairs, SHOWN.pairs),
  }
}

function describeNearest(rows: NonNullable<DuplicateAudit['nearest']>): DuplicatesRecord['nearest'] {
  const sorted = rows.map(({ distance }) => distance).sort((a, b) => a - b)
  const deciles = Array.from({ length: 11 }, (_, i) => sorted[Math.round((i / 10) * (sorted.length - 1))])
  return { deciles, accuracy: rows.filter(({ isSameLabel }) => isSameLabel).length / rows.length }
}
