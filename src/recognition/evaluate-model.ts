import { within } from '../base/errors.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/backend.ts'
import { describeCalibration, fitOnValidation } from '../evaluation/calibrate.ts'
import { type Evaluated, evaluateOnTest, evaluateOnValidation } from '../evaluation/evaluate.ts'
import { checkImages } from '../model/compile.ts'
import { type Network, withNetwork } from '../model/network.ts'
import type { Fitted } from '../record/calibration.ts'
import type { ModelFile } from '../record/model-file.ts'
import { type TrainedModel, trainedModel } from './trained-model.ts'

/** Uses the network of a classifier on images like those of a dataset; throws a ShapeError where it was not made for them. */
function withModel<T>(
  model: TrainedModel,
  { train, classNames, source }: Dataset,
  engine: Engine,
  use: (network: Network) => T,
): T {
  try {
    checkImages(model.spec, [train.height, train.width, train.channels], classNames.length)
  } catch (error) {
    throw within(`data ${source}`, error)
  }
  return withNetwork(model, model.tensors, engine, use)
}

/** The network's output for each class of the data, by name; undefined where it does not know exactly these, or in their order. */
function placesOf(data: readonly string[], network: readonly string[]): number[] | undefined {
  const places = data.map((name) => network.indexOf(name))
  const isSame = new Set(data).size === network.length && !places.includes(-1)
  return isSame && places.some((place, i) => place !== i) ? places : undefined
}

/**
 * Evaluates a classifier on the test split of data, breaking its seal. Classes are matched by their names where both know
 * the same ones, and else by their numbers; throws a ShapeError where it was not made for such
 * images or for so many classes. Calibration is told where the model holds what was fitted on validation.
 */
export function evaluateModel(file: ModelFile, dataset: Dataset, engine: Engine): Evaluated {
  const model = trainedModel(file, file.name)
  const places = placesOf(dataset.classNames, model.classNames)
  const names = places === undefined ? dataset.classNames : model.classNames
  const found = withModel(model, dataset, engine, (network) =>
    evaluateOnTest(network, dataset.test, names, places),
  )
  if (file.metadata.temperature === undefined) return found
  const calibration = describeCalibration(model, { test: found.predictions })
  return { ...found, evaluation: { ...found.evaluation, calibration } }
}

/** What validation tells of a classifier's probabilities; `validation` numbers images among those for training. */
export function fitModel(file: ModelFile, dataset: Dataset, validation: Int32Array, engine: Engine): Fitted {
  const { train, classNames } = dataset
  return withModel(trainedModel(file, file.name), dataset, engine, (network) =>
    fitOnValidation(evaluateOnValidation(network, train, validation, classNames).predictions),
  )
}
