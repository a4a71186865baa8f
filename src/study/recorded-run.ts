import { join } from 'node:path'
import { InputError, within } from '../base/errors.ts'
import { key } from '../base/random.ts'
import { type Evaluated, evaluateOnTest, evaluateOnValidation } from '../evaluation/evaluate.ts'
import { type Engine, type Network, openNetwork, PREDICTION_BATCH, setWeights } from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'
import { countParameters } from '../model/summary.ts'
import { CHECKPOINT_FILE, readCheckpoint, writeCheckpoint } from '../record/checkpoint.ts'
import { environment } from '../record/environment.ts'
import type { ProgressEvent, RunEvent } from '../record/events.ts'
import { exists, writeWhole } from '../record/files.ts'
import type { Manifest, SettingsRecord } from '../record/manifest.ts'
import {
  createRun,
  RUN_FILES,
  type RunRecord,
  type RunWriter,
  readWeights,
  reopenRun,
} from '../record/run.ts'
import { describeData, type SplitDataset } from '../record/split-dataset.ts'
import { trainingOf } from '../training/from-settings.ts'
import type { TrainingEvent, TrainingResult, train } from '../training/train.ts'

export type { SplitDataset }

/** All that a recorded run needs. */
export interface RunRequest {
  readonly directory: string
  readonly name: string
  /** The line that repeats it. */
  readonly command: string
  readonly data: SplitDataset
  readonly model: ModelSpec
  readonly settings: SettingsRecord
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/** What a recorded run leaves in hand. */
export interface RecordedRun {
  readonly manifest: Manifest
  readonly events: readonly RunEvent[]
  readonly result: TrainingResult
}

function manifestOf(request: RunRequest): Manifest {
  const { engine, model, name, command, settings } = request
  return {
    schemaVersion: 1,
    name,
    createdAt: new Date().toISOString(),
    command,
    model,
    parameters: countParameters(model),
    settings,
    data: describeData(request.data),
    engine: {
      backend: engine.backend.name,
      variant: engine.backend.variant,
      arithmetic: engine.arithmetic,
      threads: engine.threads,
    },
    environment: environment(),
  }
}

/** Trains a network and writes its record as it goes. Throws before anything is written where an input is wrong. */
export async function* recordRun(
  request: RunRequest,
): AsyncGenerator<RunEvent | ProgressEvent, RecordedRun, undefined> {
  const manifest = manifestOf(request)
  const stream = trainingOf(request)
  try {
    const first = await stream.next() // the first event comes after all inputs were checked
    const writer = await createRun(request.directory, manifest)
    return yield* writeDown(writer, manifest, [], stream, first)
  } finally {
    await stream.return(undefined as never) // frees the network, also where this was left early
  }
}

/** What a run needs to go on: its data, which must be the recorded ones, and an engine of the same arithmetic. */
export type ResumeRequest = Pick<RunRequest, 'data' | 'engine' | 'signal'>

/**
 * Goes on with a run that was cut, from its last checkpoint, to the same bits as if it had not been. A run that had no
 * checkpoint yet begins anew; one that is finished is returned as it is.
 */
export async function* resumeRun(
  run: RunRecord,
  request: ResumeRequest,
): AsyncGenerator<RunEvent | ProgressEvent, RecordedRun, undefined> {
  const { directory, manifest, events } = run
  if (manifest.engine.arithmetic !== request.engine.arithmetic) {
    throw new InputError({
      at: `resume ${directory}`,
      expected: `${manifest.engine.arithmetic} arithmetic, as before`,
      received: request.engine.arithmetic,
      hint: `Add --arithmetic ${manifest.engine.arithmetic}.`,
    })
  }
  const { model, settings } = manifest
  const end = events.findLast((event) => event.type === 'finished' || event.type === 'failed')
  if (end !== undefined) return recorded(run, end)
  const hasCheckpoint = await exists(join(directory, CHECKPOINT_FILE))
  const resume = hasCheckpoint ? await readCheckpoint(directory) : undefined
  const stream = trainingOf({ ...request, model, settings }, { resume })
  try {
    const first = await stream.next()
    const { writer, kept } = await reopenRun(run, resume?.epoch ?? 0)
    return yield* writeDown(writer, manifest, kept, stream, resume ? await stream.next() : first)
  } finally {
    await stream.return(undefined as never)
  }
}

/** Passes a training's events on, and what belongs into the record down. */
async function* writeDown(
  writer: RunWriter,
  manifest: Manifest,
  before: readonly RunEvent[],
  stream: ReturnType<typeof train>,
  first: IteratorResult<TrainingEvent, TrainingResult>,
): AsyncGenerator<RunEvent | ProgressEvent, RecordedRun, undefined> {
  const events = [...before]
  let next = first
  let end: RunEvent | undefined
  while (!next.done) {
    const event = next.value
    if (event.type === 'state') await writeCheckpoint(writer.directory, event.checkpoint)
    else if (event.type === 'finished') end = event
    else {
      if (event.type !== 'progress') {
        events.push(event)
        await writer.append(event)
      }
      yield event
    }
    next = await stream.next()
  }
  const result = next.value
  if (result.bestEpoch > 0 && result.status !== 'diverged') await writer.writeWeights(result.weights)
  // Said when the weights lie there, so that a run that is killed in between goes on.
  if (end !== undefined) {
    events.push(end)
    await writer.append(end)
    yield end
  }
  return { manifest, events, result }
}

/** A run that had ended, as if it had just done so. */
async function recorded(
  { directory, manifest, events }: RunRecord,
  end: Extract<RunEvent, { type: 'finished' | 'failed' }>,
): Promise<RecordedRun> {
  const result: TrainingResult =
    end.type === 'finished'
      ? { status: 'finished', bestEpoch: end.bestEpoch, weights: await readWeights(directory) }
      : { status: 'diverged', bestEpoch: 0, weights: [] }
  return { manifest, events, result }
}

/** Opens the network of a record with its best weights. */
async function openRecorded(
  { directory, manifest }: Pick<RunRecord, 'directory' | 'manifest'>,
  engine: Engine,
) {
  const { settings, model } = manifest
  const { loss, preprocessing, seed } = settings
  let network: Network | undefined
  try {
    network = openNetwork(model, engine, { batch: PREDICTION_BATCH, ...preprocessing, loss, key: key(seed) })
    setWeights(network, await readWeights(directory))
    return network
  } catch (error) {
    network?.close()
    throw within(directory, error)
  }
}

/** The file that holds a run's evaluation on the test split, with the class predicted for each image. */
export const TEST_FILE = RUN_FILES.test

/** Evaluates a recorded run on validation and, breaking the seal, on test; keeps the latter in the run's directory. */
export async function evaluateRun(
  run: Pick<RunRecord, 'directory' | 'manifest'>,
  { dataset, split }: SplitDataset,
  engine: Engine,
): Promise<{ readonly test: Evaluated; readonly validation: Evaluated }> {
  const network = await openRecorded(run, engine)
  try {
    const validation = evaluateOnValidation(network, dataset.train, split.validation, dataset.classNames)
    const test = evaluateOnTest(network, dataset.test, dataset.classNames)
    const { predicted, truth } = test.predictions
    const kept = {
      ...test.evaluation,
      dataHash: dataset.hash,
      predicted: [...predicted],
      truth: [...truth],
    }
    await writeWhole(join(run.directory, TEST_FILE), `${JSON.stringify(kept)}\n`)
    return { test, validation }
  } finally {
    network.close()
  }
}
