import { join } from 'node:path'
import { z } from 'zod'
import { placeRow } from './run-row.ts'
import { stampOf } from './safe-read.ts'
import type { Place } from './scan.ts'

/** A study in a list; its runs and searches name it as what they lie within. */
export const studyRowSchema = placeRow.extend({
  name: z.string(),
  status: z.enum(['finished', 'unfinished']),
})
export type StudyRow = z.infer<typeof studyRowSchema>

/** A study's row: it is finished when its record lies there. */
export async function studyRow({ id, path, within, directory }: Place): Promise<StudyRow> {
  const isDone = (await stampOf(join(directory, 'study.json'))) !== undefined
  return {
    id,
    path,
    within,
    name: path.split('/').at(-1) as string,
    status: isDone ? 'finished' : 'unfinished',
  }
}
