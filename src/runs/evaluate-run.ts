import { join } from 'node:path'
import { within } from '../base/errors.ts'
import { parse } from '../base/parse.ts'
import type { Engine } from '../engine/backend.ts'
import { describeCalibration, fitOnValidation } from '../evaluation/calibrate.ts'
import { type Evaluated, evaluateOnTest, evaluateOnValidation } from '../evaluation/evaluate.ts'
import { type NamedTensor, type Network, withNetwork } from '../model/network.ts'
import { type Fitted, storedFit } from '../record/calibration.ts'
import { encodeRecord } from '../record/checksum.ts'
import type { TestRecord } from '../record/evaluation.ts'
import { writeWhole } from '../record/files.ts'
import type { SplitDataset } from '../record/split-dataset.ts'
import { weightsFile } from '../record/weights.ts'
import { RUN_FILES, readWeights, type StoredRun } from './run.ts'

/** The file that holds a run's evaluation on the test split, with the class predicted for each image. */
export const TEST_FILE = RUN_FILES.test

type Recorded = Pick<StoredRun, 'directory' | 'manifest'>

/** Uses the network of a record with some of its weights. */
function withRun<T>(
  { directory, manifest: { settings, model } }: Recorded,
  weights: readonly NamedTensor[],
  engine: Engine,
  use: (network: Network) => T,
): T {
  try {
    return withNetwork({ ...settings, spec: model }, weights, engine, use)
  } catch (error) {
    throw within(directory, error)
  }
}

const onValidation = (network: Network, { dataset, split }: Pick<SplitDataset, 'dataset' | 'split'>) =>
  evaluateOnValidation(network, dataset.train, split.validation, dataset.classNames)

/** What validation tells of the probabilities that a run's network gives with these weights. */
export const fitRun = (
  run: Recorded,
  weights: readonly NamedTensor[],
  { data, engine }: { readonly data: SplitDataset; readonly engine: Engine },
): Fitted =>
  withRun(run, weights, engine, (network) => fitOnValidation(onValidation(network, data).predictions))

/**
 * Evaluates a recorded run on validation and, breaking the seal, on test; keeps the latter in the run's directory. Weights
 * of an older version, with which nothing was fitted, are written anew with what is fitted now.
 */
export async function evaluateRun(
  run: StoredRun,
  data: SplitDataset,
  engine: Engine,
): Promise<{ readonly test: Evaluated; readonly validation: Evaluated }> {
  const { directory, manifest, checksum } = run
  const { dataset } = data
  const path = join(directory, RUN_FILES.weights)
  const { tensors, metadata } = await readWeights(run)
  const found = withRun(run, tensors, engine, (network) => ({
    validation: onValidation(network, data),
    test: evaluateOnTest(network, dataset.test, dataset.classNames),
  }))
  const said = { validation: found.validation.predictions, test: found.test.predictions }
  const stored = metadata.temperature === undefined ? undefined : parse(storedFit, metadata, path)
  const fitted = stored ?? fitOnValidation(said.validation)
  const evaluation = { ...found.test.evaluation, calibration: describeCalibration(fitted, said) }
  const kept: TestRecord = {
    schemaVersion: 2,
    ...(checksum !== undefined && { run: checksum }),
    ...evaluation,
    dataHash: dataset.hash,
    predicted: [...said.test.predicted],
    truth: [...said.test.truth],
  }
  if (stored === undefined)
    await writeWhole(path, weightsFile(tensors, { ...manifest, run: checksum }, fitted))
  await writeWhole(join(directory, TEST_FILE), encodeRecord(kept))
  return { ...found, test: { ...found.test, evaluation } }
}
