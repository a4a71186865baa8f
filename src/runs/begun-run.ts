import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { InputError } from '../base/errors.ts'
import { readCheckpoint } from '../record/checkpoint.ts'
import { recipeOf } from '../training/from-settings.ts'
import { type RunRequest, recordRun, resumeRun } from './recorded-run.ts'
import { type RunRecord, readRun } from './run.ts'
import { hasEnded } from './summarize.ts'

/**
 * The run of the same network, settings, data, split and arithmetic that was begun in a directory, and the last epoch that need not be
 * done again. Whatever else lies there is taken away: the directory is one of a study's or a search's own.
 */
export async function begunRun(
  request: RunRequest,
): Promise<{ readonly run: RunRecord; readonly epoch: number } | undefined> {
  try {
    const run = await readRun(request.directory)
    const { model, settings, engine, data } = run.manifest
    const { dataset, split } = request.data
    const isSame =
      isDeepStrictEqual([model, settings], JSON.parse(JSON.stringify([request.model, recipeOf(request)]))) &&
      engine.arithmetic === request.engine.arithmetic &&
      data.hash === dataset.hash &&
      data.split.hash === split.hash
    if (isSame && hasEnded(run.events)) return { run, epoch: Infinity }
    const checkpoint = isSame ? await readCheckpoint(run) : undefined
    if (checkpoint !== undefined) return { run, epoch: checkpoint.epoch }
  } catch (error) {
    if (!(error instanceof InputError)) throw error // nothing there, or cut before there was anything to go on from
  }
  await rm(request.directory, { recursive: true, force: true })
  return undefined
}

/** Records a run, or goes on with the one that was begun in its directory. */
export async function* recordOrResume(request: RunRequest): ReturnType<typeof recordRun> {
  const begun = await begunRun(request)
  return yield* begun === undefined ? recordRun(request) : resumeRun(begun.run, request)
}
