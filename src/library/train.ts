import type { Dataset } from '../data/dataset.ts'
import { split } from '../data/split.ts'
import { type BackendWishes, chooseBackend } from '../engine/choose.ts'
import { isNetworkName, type NetworkName, network } from '../model/named.ts'
import type { Engine } from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'
import { classifierOf } from '../recognition/classifier-of.ts'
import type { ModelFile } from '../record/model-file.ts'
import { sizesOf } from '../record/split-dataset.ts'
import { trainingData } from '../training/data.ts'
import {
  type TrainingEvent,
  type TrainingOptions,
  type TrainingResult,
  train as trainOn,
} from '../training/train.ts'

/** What to train, on what and how; whatever is left out has the default of `atelier train`. */
export interface TrainOptions extends Omit<TrainingOptions, 'model' | 'data' | 'engine'>, BackendWishes {
  /** A network, or the name of one, which is then made for the images and classes of the data. */
  readonly model: ModelSpec | NetworkName
  /** From `loadDataset`. Its test images are not looked at. */
  readonly data: Dataset
  /** The share of the training images to validate on, above 0 and below 1: 0.2 unless told otherwise. Drawn by class. */
  readonly validation?: number
}

/** How a training ended, with the classifier of its best epoch: for `evaluate`, `save` and `open`. */
export interface Trained extends TrainingResult {
  readonly classifier: ModelFile
}

/**
 * Trains a network and tells how it goes as a stream of events; the generator's return value (`resultOf`) holds the
 * weights of the best epoch and a classifier made of them. Equal options give equal weights, bit for bit, whatever the
 * threads. Throws an InputError before the first step.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, Trained, undefined> {
  const { model: given, data: dataset, validation = 0.2, backend, arithmetic, threads, ...settings } = options
  const model = typeof given === 'string' ? networkFor(given, dataset) : given
  const engine: Engine = chooseBackend({ backend, arithmetic, threads })
  const parts = split(dataset.train, { validation, seed: settings.seed ?? 1 })
  const result = yield* trainOn({ ...settings, model, engine, data: trainingData(dataset, parts) })
  const { preprocessing, loss } = settings
  const classifier = classifierOf({ model, weights: result.weights, dataset, engine, preprocessing, loss })
  return { ...result, classifier }
}
