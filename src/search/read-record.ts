import { z } from 'zod'
import { keysOf } from '../base/keys.ts'
import { parse } from '../base/parse.ts'
import { monitors } from '../recipe/early-stopping.ts'
import { decodeRecord } from '../record/checksum.ts'
import type { RecordFiles } from '../record/record-files.ts'
import { checksumsOf } from '../tuning/journal/checksums.ts'
import { parseJournal } from '../tuning/journal/journal.ts'
import { SETTINGS } from '../tuning/journal/operations.ts'
import { ENDED, replay, studyOf } from '../tuning/journal/replay.ts'
import type { Trial } from '../tuning/journal/trial.ts'
import { type OpenSpace, openSpace } from '../tuning/open-space.ts'
import type { Space } from '../tuning/space.ts'
import { SEARCH_FILES } from './files.ts'
import { type SearchRecord, searchRecord, type TrialRecord } from './record.ts'
import { searchRecordOf, trialRecordOf } from './results.ts'
import { directionOf } from './settings.ts'

const count = z.number().int().nonnegative()

/** What a search was asked for, as its journal has it. */
const asked = z.object({
  definition: z.object({
    space: z.looseObject({ name: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  }),
  sampler: z
    .union([z.string(), z.object({ kind: z.string() })])
    .transform((sampler) => (typeof sampler === 'string' ? sampler : sampler.kind)),
  pruner: z.object({ kind: z.string(), options: z.record(z.string(), z.unknown()) }),
  metric: z.enum(keysOf(monitors)),
  seed: count,
  repeats: count,
})
type Asked = z.infer<typeof asked>

/** A journal, replayed. */
export interface SearchState {
  readonly asked: Asked
  readonly space: OpenSpace
  readonly trials: readonly Trial[]
  readonly reason: string | null
  /** Bytes that were read: up to the end of the last whole line. */
  readonly bytes: number
  readonly warnings: readonly string[]
}

const CHECKSUMS_FILE = checksumsOf(SEARCH_FILES.journal)

const checksumsIn = async (files: RecordFiles) =>
  (await files.modified(CHECKSUMS_FILE)) === undefined
    ? undefined
    : files.read(CHECKSUMS_FILE, 'the checksums of a search’s journal')

/** Reads a search's journal, or its beginning of so many bytes, as it was when it was no longer. */
export async function readSearchJournal(files: RecordFiles, bytes?: number): Promise<SearchState> {
  const at = files.at(SEARCH_FILES.journal)
  const [before, content, after] = [
    await checksumsIn(files),
    await files.read(SEARCH_FILES.journal, 'a search’s journal'),
    await checksumsIn(files),
  ]
  const checksums = before && after && { before, after, at: files.at(CHECKSUMS_FILE) }
  const { operations, soundBytes, warnings } = parseJournal(content.subarray(0, bytes), at, checksums, {
    isWhole: bytes === undefined,
  })
  const { attributes } = studyOf(operations, at)
  const settings = parse(asked, attributes[SETTINGS], at)
  // Constraints chose the points; to read them nothing needs to be chosen.
  const { name, parameters } = settings.definition.space
  const space = openSpace({ name, parameters: parameters as Space['parameters'], constraints: [] })
  const ended = attributes[ENDED] as { reason?: string } | undefined
  const { trials } = replay(operations, space, at)
  return { asked: settings, space, trials, reason: ended?.reason ?? null, bytes: soundBytes, warnings }
}

export const prunerText = ({ kind, options }: Asked['pruner']) => {
  const pairs = Object.entries(options).map(([name, value]) => `${name}=${value}`)
  return pairs.length > 0 ? `${kind}:${pairs.join(',')}` : kind
}

/** A search with its trials, and its results where they are written down and nothing came after them. */
export async function readSearchRecord(files: RecordFiles): Promise<SearchRecord> {
  const [journal, results] = [
    await files.modified(SEARCH_FILES.journal),
    await files.modified(SEARCH_FILES.results),
  ]
  if (results !== undefined && results >= (journal ?? 0)) {
    const at = files.at(SEARCH_FILES.results)
    const { value } = decodeRecord(await files.read(SEARCH_FILES.results, 'a search’s results'), at)
    return parse(searchRecord, value, at)
  }
  const tag = `${files.directory} ${journal}`
  if (latest?.tag === tag) return latest.record
  const record = recordOf(await readSearchJournal(files))
  latest = { tag, record }
  return record
}

/** What was worked out last; the importance of parameters takes a tenth of a second. */
let latest: { readonly tag: string; readonly record: SearchRecord } | undefined

/** A search that is still going on as one plain value. */
function recordOf({ asked, trials, space, reason }: SearchState): SearchRecord {
  const head = {
    name: space.space.name,
    command: '',
    dataset: '',
    sampler: asked.sampler,
    pruner: prunerText(asked.pruner),
    seed: asked.seed,
    metric: asked.metric,
    direction: directionOf(asked.metric),
    stopReason: reason ?? '',
    repeats: asked.repeats,
  }
  return searchRecordOf(head, trials, space)
}

/** The trials that are not as they were, as they are written down. */
export function changedTrials(before: readonly Trial[], after: readonly Trial[]): TrialRecord[] {
  return after.flatMap((trial, i) => {
    const record = trialRecordOf(trial)
    const isSame =
      before[i] !== undefined && JSON.stringify(trialRecordOf(before[i])) === JSON.stringify(record)
    return isSame ? [] : [record]
  })
}
