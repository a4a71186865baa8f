import { within } from '../base/errors.ts'
import { key } from '../base/random.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/backend.ts'
import { describeCalibration } from '../evaluation/calibrate.ts'
import { type Evaluated, evaluateOnTest } from '../evaluation/evaluate.ts'
import { checkImages } from '../model/compile.ts'
import { openNetwork, PREDICTION_BATCH, setWeights } from '../model/network.ts'
import type { ModelFile } from '../record/model-file.ts'
import { trainedModel } from './trained-model.ts'

/**
 * Evaluates a classifier on the test split of data, breaking its seal; throws a ShapeError where it was not made for such
 * images or for so many classes. Calibration is told where the model holds what was fitted on validation.
 */
export function evaluateModel(
  model: ModelFile,
  { train, test, classNames, source }: Dataset,
  engine: Engine,
): Evaluated {
  const { spec, preprocessing, loss, tensors, temperature, threshold } = trainedModel(model, model.name)
  try {
    checkImages(spec, [train.height, train.width, train.channels], classNames.length)
  } catch (error) {
    throw within(`data ${source}`, error)
  }
  const network = openNetwork(spec, engine, { batch: PREDICTION_BATCH, ...preprocessing, loss, key: key(0) })
  try {
    setWeights(network, tensors)
    const found = evaluateOnTest(network, test, classNames)
    if (model.metadata.temperature === undefined) return found
    const calibration = describeCalibration({ temperature, threshold }, { test: found.predictions })
    return { ...found, evaluation: { ...found.evaluation, calibration } }
  } finally {
    network.close()
  }
}
