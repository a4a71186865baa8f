import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { Engine } from '../engine/backend.ts'
import type { ModelSpec } from '../model/spec.ts'
import { countParameters } from '../model/summary.ts'
import type { RecipeInput } from '../recipe/settings.ts'
import { CHECKPOINT_FILE, readCheckpoint, writeCheckpoint } from '../record/checkpoint.ts'
import { environment } from '../record/environment.ts'
import type { ProgressEvent, RunEvent } from '../record/events.ts'
import { exists } from '../record/files.ts'
import type { Manifest } from '../record/manifest.ts'
import { baseOf } from '../record/recorded-source.ts'
import { describeData, type SplitDataset } from '../record/split-dataset.ts'
import type { Checkpoint } from '../training/checkpoint.ts'
import { recipeOf, trainingOf } from '../training/from-settings.ts'
import type { TrainingEvent, TrainingResult, train } from '../training/train.ts'
import { fitRun } from './evaluate-run.ts'
import { createRun, type RunRecord, type RunWriter, readWeights, reopenRun, type StoredRun } from './run.ts'
import { hasEnded, summarize } from './summarize.ts'

export type { SplitDataset }

/** All that a recorded run needs. */
export interface RunRequest {
  readonly directory: string
  readonly name: string
  /** The line that repeats it. */
  readonly command: string
  readonly data: SplitDataset
  readonly model: ModelSpec
  /** Whatever is left out has its default. */
  readonly settings: RecipeInput
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
  /**
   * False leaves temperature and threshold to `evaluateRun`, which fits what was not: it saves a pass over the validation
   * images. True unless told otherwise.
   */
  readonly calibrate?: boolean | undefined
}

/** What a recorded run leaves in hand. */
export interface RecordedRun extends StoredRun {
  readonly result: TrainingResult
}

function manifestOf(request: RunRequest): Manifest {
  const { engine, model, name, command } = request
  const base = baseOf(request.data.dataset.source, request.directory)
  return {
    schemaVersion: 2,
    name,
    createdAt: new Date().toISOString(),
    command,
    model,
    parameters: countParameters(model),
    settings: recipeOf(request),
    data: { ...describeData(request.data), ...(base !== undefined && { base }) },
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
    try {
      return yield* writeDown(writer, { manifest, before: [], request }, stream, first)
    } finally {
      writer.close()
    }
  } finally {
    await stream.return(undefined as never) // frees the network, also where this was left early
  }
}

/** What a run needs to go on: its data, which must be the recorded ones, and an engine of the same arithmetic. */
export type ResumeRequest = Pick<RunRequest, 'data' | 'engine' | 'signal' | 'calibrate'>

/**
 * Goes on with a run that was cut, from its last checkpoint, to the same bits as if it had not been; its record then says
 * the same. A run that had no checkpoint yet begins anew; one that is finished is returned as it is.
 */
export async function* resumeRun(
  { directory }: Pick<RunRecord, 'directory'>,
  request: ResumeRequest,
): AsyncGenerator<RunEvent | ProgressEvent, RecordedRun, undefined> {
  const reopened = await reopenRun(directory)
  const { run } = reopened
  try {
    checkArithmetic(run, request.engine)
    if (hasEnded(run.events)) return await recorded(run)
    const { model, settings } = run.manifest
    const resume = await checkpointOf(run)
    const kept = resume ? keptEvents(run.events, resume.epoch) : []
    const stream = trainingOf({ ...request, model, settings }, { resume })
    try {
      const first = await stream.next()
      const writer = await reopened.begin(kept)
      const next = resume ? await stream.next() : first
      return yield* writeDown(writer, { manifest: run.manifest, before: kept, request }, stream, next)
    } finally {
      await stream.return(undefined as never)
    }
  } finally {
    reopened.close()
  }
}

function checkArithmetic({ directory, manifest: { engine } }: RunRecord, { arithmetic }: Engine): void {
  if (engine.arithmetic === arithmetic) return
  throw new InputError({
    at: `resume ${directory}`,
    expected: `${engine.arithmetic} arithmetic, as before`,
    received: arithmetic,
    hint: `Add --arithmetic ${engine.arithmetic}.`,
  })
}

/** The checkpoint to go on from; none where there is none yet, or events before it were lost with a power cut. */
async function checkpointOf(run: RunRecord) {
  if (!(await exists(join(run.directory, CHECKPOINT_FILE)))) return undefined
  const checkpoint = await readCheckpoint(run)
  const { epoch } = summarize(run.events)
  return epoch >= checkpoint.epoch ? checkpoint : undefined
}

/** The events that will not happen again: up to a checkpoint, whose own event is lost where a kill came before it. */
function keptEvents(events: readonly RunEvent[], epoch: number): RunEvent[] {
  const kept = events.filter(
    (event) =>
      event.type === 'started' ||
      ((event.type === 'epoch' || event.type === 'checkpoint') && event.epoch <= epoch),
  )
  const last = kept.at(-1)
  const isSaid = last?.type === 'checkpoint' && last.epoch === epoch
  return isSaid ? kept : [...kept, checkpointEvent(epoch)]
}

/** A run that goes on: what it is, what happened before, and what it runs on. */
interface Begun {
  readonly manifest: Manifest
  readonly before: readonly RunEvent[]
  readonly request: ResumeRequest
}

/** Passes a training's events on, and what belongs into the record down. */
async function* writeDown(
  writer: RunWriter,
  { manifest, before, request }: Begun,
  stream: ReturnType<typeof train>,
  first: IteratorResult<TrainingEvent, TrainingResult>,
): AsyncGenerator<RunEvent | ProgressEvent, RecordedRun, undefined> {
  const events = [...before]
  let next = first
  let end: RunEvent | undefined
  while (!next.done) {
    const happened = next.value
    if (happened.type === 'finished') end = happened
    else {
      const event = happened.type === 'state' ? await keepState(writer, happened.checkpoint) : happened
      if (event.type !== 'progress') {
        events.push(event)
        await writer.append(event)
      }
      yield event
    }
    next = await stream.next()
  }
  const result = next.value
  if (result.bestEpoch > 0 && result.status !== 'diverged') {
    const run = { directory: writer.directory, manifest }
    const isFitted = result.status === 'finished' && (request.calibrate ?? true)
    const fitted = isFitted ? fitRun(run, result.weights, request) : undefined
    await writer.writeWeights(result.weights, fitted)
  }
  // Said when the weights lie there, so that a run that is killed in between goes on.
  if (end !== undefined) {
    events.push(end)
    await writer.append(end)
    yield end
  }
  return { directory: writer.directory, manifest, checksum: writer.checksum, events, result }
}

/** Writes the state that a run can go on from, and says so. */
async function keepState(writer: RunWriter, checkpoint: Checkpoint): Promise<RunEvent> {
  await writeCheckpoint(writer, checkpoint)
  return checkpointEvent(checkpoint.epoch)
}

const checkpointEvent = (epoch: number): RunEvent => ({ type: 'checkpoint', epoch, file: CHECKPOINT_FILE })

/** A run that had ended, as if it had just done so. */
async function recorded(run: RunRecord): Promise<RecordedRun> {
  const { events } = run
  const { status, best } = summarize(events)
  const result: TrainingResult =
    status === 'finished'
      ? { status, bestEpoch: best?.epoch ?? 0, weights: (await readWeights(run)).tensors }
      : { status: 'diverged', bestEpoch: 0, weights: [] }
  return { ...run, result }
}
