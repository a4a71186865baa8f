import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { shellQuoted } from '../base/shell.ts'
import type { Engine } from '../engine/backend.ts'
import { CHECKPOINT_FILE, readCheckpoint } from '../record/checkpoint.ts'
import type { EpochEvent } from '../record/events.ts'
import { exists } from '../record/files.ts'
import { hashWeights } from '../record/weights.ts'
import { trainingOf } from '../training/from-settings.ts'
import type { TrainingEvent, train } from '../training/train.ts'
import type { SplitDataset } from './recorded-run.ts'
import { type RunRecord, readTest, readWeights } from './run.ts'
import { summarize } from './summarize.ts'

/** What training again from a record found. */
export interface Verification {
  readonly expected: string
  readonly found: string | undefined
  readonly isEqual: boolean
  /** Whether every file that lies there has a checksum, and was found to be as it was written: version 2 of a record. */
  readonly hasChecksums: boolean
  /** The first epoch whose figures are not the recorded ones; null where all are. */
  readonly firstDifference: number | null
}

/** Whether two epochs have the same figures to the last bit; times aside. */
const sameFigures = (a: EpochEvent, b: EpochEvent) =>
  a.loss === b.loss && a.accuracy === b.accuracy && a.valLoss === b.valLoss && a.valAccuracy === b.valAccuracy

/** Refuses runs that have no hash to be compared with, and engines that compute with another arithmetic. */
function checkVerifiable({ directory, manifest, events }: RunRecord, engine: Engine): string {
  const { arithmetic } = manifest.engine
  if (engine.arithmetic !== arithmetic) {
    throw new InputError({
      at: `verify ${directory}`,
      expected: `${arithmetic} arithmetic, as recorded`,
      received: engine.arithmetic,
    })
  }
  const { weightsHash } = summarize(events)
  if (weightsHash !== undefined) return weightsHash
  throw new InputError({
    at: `verify ${directory}`,
    expected: 'a run that finished',
    received: 'one that did not',
    hint: `Finish it first: atelier train --resume ${shellQuoted(directory)}`,
  })
}

/** Reads every other file of a run's directory; throws an InputError where one is not as the record says. */
async function checkFiles(run: RunRecord): Promise<void> {
  await readWeights(run)
  await readTest(run)
  if (await exists(join(run.directory, CHECKPOINT_FILE))) await readCheckpoint(run)
}

/**
 * Trains again from a record, writing nothing, and compares every epoch's figures and the weights' hash; before that, it
 * checks the files that lie there. Throws an InputError where one is not as it was written.
 */
export async function* verifyRun(
  run: RunRecord,
  request: {
    readonly data: SplitDataset
    readonly engine: Engine
    readonly signal?: AbortSignal | undefined
  },
): AsyncGenerator<TrainingEvent, Verification, undefined> {
  const expected = checkVerifiable(run, request.engine)
  await checkFiles(run)
  const recorded = new Map(summarize(run.events).history.map((event) => [event.epoch, event]))
  const { model, settings } = run.manifest
  const stream: ReturnType<typeof train> = trainingOf({ ...request, model, settings })
  let firstDifference: number | null = null
  let next = await stream.next()
  while (!next.done) {
    const event = next.value
    if (event.type === 'epoch') {
      const old = recorded.get(event.epoch)
      if (firstDifference === null && (!old || !sameFigures(old, event))) firstDifference = event.epoch
    }
    yield event
    next = await stream.next()
  }
  const { status, weights } = next.value
  const found = status === 'finished' ? hashWeights(weights) : undefined
  return {
    expected,
    found,
    isEqual: found === expected,
    hasChecksums: run.checksum !== undefined,
    firstDifference,
  }
}
