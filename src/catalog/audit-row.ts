import { join } from 'node:path'
import { parse } from '../base/parse.ts'
import {
  AUDIT_FILE,
  auditFindings,
  type DuplicatesRecord,
  type LabelsRecord,
  type NearPairRecord,
  type SuspectRecord,
} from '../experiments/audit/record.ts'
import { decodeRecord } from '../record/checksum.ts'
import { findRecord } from '../study/record.ts'
import { readPlain, stampOf, tagOf } from './safe-read.ts'
import type { RecordEntry } from './scan.ts'
import { readStudy, STUDY_FILE } from './study-row.ts'

/** What was found of the near-duplicates and the labels of a set, and where that is written. */
export interface FoundAudit {
  /** Path below the root. */
  readonly path: string
  readonly dataHash: string
  /** When it was written, in milliseconds since 1970. */
  readonly modified: number
  /** Gray levels. */
  readonly threshold: number
  readonly counts: DuplicatesRecord['counts']
  /** As many as the record lists. */
  readonly pairs: readonly NearPairRecord[]
  readonly labels: Omit<LabelsRecord, 'shown'>
  /** Likeliest first; as many as the record lists. */
  readonly suspects: readonly SuspectRecord[]
}

/** A record that may hold an audit, as far as its file tells. */
export interface ReadAudit {
  readonly tag: string
  readonly audit: FoundAudit | undefined
}

/** Reads the audit of an entry where its file changed since `known`; none where there is none, or none that can be read. */
export async function readAudit(entry: RecordEntry, known: ReadAudit | undefined): Promise<ReadAudit> {
  const stamp = await stampOf(join(entry.directory, entry.kind === 'study' ? STUDY_FILE : AUDIT_FILE))
  const tag = tagOf(stamp)
  if (known?.tag === tag) return known
  if (stamp === undefined) return { tag, audit: undefined }
  const read = entry.kind === 'study' ? readOfStudy : readFindings
  const found = await read(entry).catch(() => undefined)
  return { tag, audit: found && { path: entry.path, modified: stamp.modified, ...found } }
}

type Read = Omit<FoundAudit, 'path' | 'modified'> | undefined

/** A study's audit lists the pairs and suspects that its report shows. */
async function readOfStudy(entry: RecordEntry): Promise<Read> {
  const study = await readStudy(entry)
  const audit = findRecord(study, 'audit')
  if (audit === undefined) return undefined
  const { threshold, counts, shown: pairs } = audit.duplicates
  const { shown: suspects, ...labels } = audit.labels
  return { dataHash: study.dataset.hash, threshold, counts, pairs, labels, suspects }
}

/** The file of `atelier data --audit --out`. (A study's stage keeps one of the same name and another form: it is passed over.) */
async function readFindings({ directory, path }: RecordEntry): Promise<Read> {
  const at = `${path}/${AUDIT_FILE}`
  const { value } = decodeRecord(await readPlain(join(directory, AUDIT_FILE), at), at)
  const { dataHash, settings, duplicates, labels: all } = parse(auditFindings, value, at)
  const { counts, pairs } = duplicates
  const { suspects, ...labels } = all
  return { dataHash, threshold: settings.threshold, counts, pairs, labels, suspects }
}
