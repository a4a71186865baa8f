import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { readPlainFile } from '../base/plain-file.ts'
import { settingCheck } from '../recipe/check.ts'
import type { ScheduleInput } from '../recipe/schedules.ts'
import { settings } from '../recipe/settings.ts'
import { checksumsOf } from '../tuning/journal/checksums.ts'
import { readJournal } from '../tuning/journal/journal.ts'
import { type Json, SETTINGS } from '../tuning/journal/operations.ts'
import { studyOf } from '../tuning/journal/replay.ts'
import { journalledSampler } from '../tuning/samplers/index.ts'
import { SEARCH_FILES } from './files.ts'
import { definitionData } from './read-search.ts'
import type { SearchRequest } from './request.ts'

/** What a journal means that says nothing of the schedule. */
const SILENT = { kind: 'constant' }

/** What makes two searches the same: whatever decides a point, a value or a weight. */
export function identityOf(request: SearchRequest): Record<string, Json> {
  const {
    definition,
    data,
    engine,
    sampler,
    pruner,
    seed,
    metric,
    monitor,
    epochs,
    earlyStopping,
    repeats,
    lag,
  } = request
  return {
    /** Of 1, journals had no checksums. */
    schema: 2,
    space: definition.space.name,
    spaceHash: definition.opened.hash,
    definition: definitionData(definition) as unknown as Json,
    sampler: journalledSampler(sampler),
    pruner: pruner as unknown as Json,
    lag,
    seed,
    metric,
    monitor,
    epochs,
    earlyStopping,
    repeats,
    data: data.dataset.hash,
    split: data.split.hash,
    arithmetic: engine.arithmetic,
    schedule: (request.schedule ?? settings.schedule.default) as unknown as Json,
  }
}

const plain = (value: Json | undefined) =>
  value === undefined ? 'nothing' : typeof value === 'object' ? JSON.stringify(value) : `${value}`

const kindOf = (sampler: Json | undefined) =>
  typeof sampler === 'object' ? (sampler as Record<string, Json> | null)?.kind : sampler

/** What to try where a setting is another than when the search was started. */
function hintFor(name: string, there: Json | undefined, wanted: Json | undefined): string {
  if (name === 'sampler' && kindOf(there) === kindOf(wanted))
    return `Another version of Atelier began this search; its ${kindOf(there)} proposes other points. Resume with that version, or choose another --out.`
  return 'Resume with the same settings, or choose another --out. Limits and workers may change.'
}

/** Throws where a journal belongs to another search, naming what differs. */
function checkIdentity(path: string, recorded: Json, wanted: Record<string, Json>): void {
  const there: Record<string, Json> = {
    schedule: SILENT,
    ...(recorded as Record<string, Json>),
    schema: wanted.schema,
  }
  if (there.spaceHash !== wanted.spaceHash) {
    throw new InputError({
      at: path,
      expected: `the journal of a search in this space, ${plain(wanted.space)}`,
      received: `one of another space${there.space === wanted.space ? ' of the same name' : `, ${plain(there.space)}`}`,
      hint: 'Resume with the space that it was started with, or choose another --out.',
    })
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (JSON.stringify(there[name]) === JSON.stringify(value)) continue
    throw new InputError({
      at: `${path}: ${name}`,
      expected: `${plain(there[name])}, as when the search was started`,
      received: plain(value),
      hint: hintFor(name, there[name], value),
    })
  }
}

/** The schedule of the search that a journal is of. */
export function recordedSchedule(path: string): ScheduleInput {
  const recorded = studyOf(readJournal(path).operations, path).attributes[SETTINGS] as Record<string, unknown>
  return parse(settingCheck(settings.schedule), recorded.schedule ?? SILENT, `${path}: schedule`)
}

/** Reads a journal that is to be gone on with; throws where it is of another search. */
export function checkJournal(path: string, identity: Record<string, Json>) {
  const text = readJournal(path)
  checkIdentity(path, studyOf(text.operations, path).attributes[SETTINGS], identity)
  return text
}

/** How the first line of a journal begins. */
const BEGINNING = '{"op_code":0,"worker_id":"'

/**
 * What there is to go on with. A search that was killed in its first moment left a directory with nothing in it but the
 * lock and, perhaps, a journal's first line or a part of it: it is begun anew.
 */
export async function findJournal(directory: string, path: string): Promise<'none' | 'unbegun' | 'begun'> {
  const entries = await readdir(directory).catch(() => undefined)
  if (entries === undefined) return existsSync(directory) ? 'begun' : 'none'
  const isOwn = (name: string) =>
    [SEARCH_FILES.journal, SEARCH_FILES.stop].some((own) => own === name) ||
    name.startsWith(checksumsOf(SEARCH_FILES.journal)) ||
    name.startsWith(SEARCH_FILES.lock)
  if (!entries.every(isOwn)) return 'begun'
  const content = await readPlainFile(path).then(String, () => '')
  const isOurs = BEGINNING.startsWith(content) || content.startsWith(BEGINNING)
  const isOf = (name: string) =>
    !content.includes('"study_name":') || content.includes(`"study_name":"${name}`)
  return isOurs && isOf('atelier-') && !content.includes(`"user_attr":{"${SETTINGS}":`) ? 'unbegun' : 'begun'
}
