import { join } from 'node:path'
import { z } from 'zod'
import { parse } from '../base/parse.ts'
import { parseJson } from '../record/read-json.ts'
import { type StudyRecord, studyRecord } from '../study/record.ts'
import { entryRow } from './run-row.ts'
import { readPlain, stampOf } from './safe-read.ts'
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
export async function readStudy({ directory, path }: RecordEntry): Promise<StudyRecord> {
  const at = `${path}/${STUDY_FILE}`
  const text = (await readPlain(join(directory, STUDY_FILE), at)).toString()
  return parse(studyRecord, parseJson(text, at), at)
}
