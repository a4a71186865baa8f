import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '../base/directory.ts'
import { wilson } from '../base/statistics/shares.ts'
import { watch } from '../base/watch.ts'
import { encodeRecord } from '../record/checksum.ts'
import { writeWhole } from '../record/files.ts'
import { evaluateRun } from '../runs/evaluate-run.ts'
import { recordRun } from '../runs/recorded-run.ts'
import { readRun, readTest } from '../runs/run.ts'
import { summarize } from '../runs/summarize.ts'
import type { TrainingEvent } from '../training/train.ts'
import { SEARCH_FILES } from './files.ts'
import type { SearchRecord } from './record.ts'
import type { SearchRequest } from './request.ts'
import { figureOf } from './settings.ts'

type Tested = NonNullable<NonNullable<SearchRecord['best']>['test']>

/** The evaluation of a run on the test split: the one that was written down, where there is one. */
async function testRun(request: SearchRequest, directory: string): Promise<Tested> {
  const run = await readRun(directory)
  const { loss, accuracy, count } =
    (await readTest(run)) ?? (await evaluateRun(run, request.data, request.engine)).test.evaluation
  const { low, high } = wilson(accuracy, count)
  return { loss, accuracy, count, ci95: [low, high] }
}

/** The evaluation of a search's best trial on the test split. */
export const testBest = (request: SearchRequest, record: SearchRecord) =>
  testRun(request, join(request.directory, record.best!.run))

/** The seed of a second training: far from those of repeats. */
const OTHER_SEED = 1000

/** The record with the second training in it, or why there is none. */
export interface Retrained {
  readonly record: SearchRecord
  readonly status: 'finished' | 'interrupted' | 'diverged'
}

/** Trains the best point again with another seed, and evaluates that: how much of the winner's lead was luck. */
export async function retrainBest(
  request: SearchRequest,
  record: SearchRecord,
  show: (event: TrainingEvent) => void,
): Promise<Retrained> {
  const best = record.best!
  const { data, directory } = request
  const { model, settings } = (await readRun(join(directory, best.run))).manifest
  const run = join('best', `trial-${String(best.trial).padStart(4, '0')}`)
  await rm(join(directory, run), { recursive: true, force: true })
  await makeDirectory(join(directory, 'best'))
  const { result, events } = await watch(
    recordRun({
      directory: join(directory, run),
      name: `trial ${best.trial}, again`,
      command: request.command,
      data,
      model,
      settings: { ...settings, seed: settings.seed + OTHER_SEED },
      engine: request.engine,
      signal: request.signal,
      calibrate: false,
    }),
    show,
  )
  const { validation } = summarize(events)
  if (validation === undefined) return { record, status: result.status }
  const value = figureOf(request.metric, validation)
  const test = await testRun(request, join(directory, run))
  const full = { ...record, best: { ...best, retrained: { run, value, test } } }
  await writeWhole(join(directory, SEARCH_FILES.results), encodeRecord(full))
  return { record: full, status: 'finished' }
}
