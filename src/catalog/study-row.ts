import { join, relative } from 'node:path'
import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import { decodeRecord } from '../record/checksum.ts'
import { readManifest } from '../runs/run.ts'
import { type StudyRecord, studyRecord } from '../study/record.ts'
import { upgradeStudy } from '../study/version-1.ts'
import { entryRow } from './run-row.ts'
import { plainFiles, readPlain, stampOf } from './safe-read.ts'
import { columnsOf, type RecordEntry } from './scan.ts'

/** The record of a finished study. */
export const STUDY_FILE = 'study.json'

/** A study in a list; its runs and searches name it as what they lie within. */
export const studyRowSchema = entryRow.extend({
  name: z.string(),
  status: z.enum(['finished', 'unfinished']),
})
export type StudyRow = z.infer<typeof studyRowSchema>

/** A study's row: it is finished when its record lies there. */
export async function studyRow(entry: RecordEntry): Promise<StudyRow> {
  const isDone = (await stampOf(join(entry.directory, STUDY_FILE))) !== undefined
  return { ...columnsOf(entry), status: isDone ? 'finished' : 'unfinished' }
}

/** A finished study's record. */
export async function readStudy(entry: RecordEntry): Promise<StudyRecord> {
  const { directory, path } = entry
  const at = `${path}/${STUDY_FILE}`
  const { value } = decodeRecord(await readPlain(join(directory, STUDY_FILE), at), at)
  const manifestOf = async (run: string) => {
    const within = { directory: join(directory, run), path: join(path, run) }
    if (relative(directory, within.directory).startsWith('..')) {
      throw new InputError({ at, expected: 'runs within the study', received: `"${run}"` })
    }
    return (await readManifest(plainFiles({ ...entry, ...within }))).manifest
  }
  return parse(studyRecord, await upgradeStudy(value, manifestOf), at)
}
