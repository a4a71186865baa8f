import { FailureError, InputError } from '../base/errors.ts'
import { type EventStream, eventStream } from '../base/event-stream.ts'
import { parse } from '../base/parse.ts'
import { shown } from '../base/watch.ts'
import type { Dataset } from '../data/dataset.ts'
import { type Split, split } from '../data/split.ts'
import type { EngineChoice } from '../engine/backend.ts'
import { chooseBackend } from '../engine/choose.ts'
import { type NetworkName, network } from '../model/named.ts'
import { type ModelSpec, modelSpec } from '../model/spec.ts'
import { settings } from '../recipe/settings.ts'
import { type Classifier, openClassifier } from '../recognition/classifier.ts'
import { fitModel } from '../recognition/evaluate-model.ts'
import type { EpochEvent } from '../record/events.ts'
import type { ModelFile } from '../record/model-file.ts'
import { sizesOf } from '../record/split-dataset.ts'
import { trainingData } from '../training/data.ts'
import {
  type TrainingEvent,
  type TrainingOptions,
  type TrainingResult,
  train as trainNetwork,
} from '../training/train.ts'
import { type Arrays, imagesOf } from './dataset-of.ts'

/** What to train, on what and how; whatever is left out has the default of `atelier train`. */
export interface TrainOptions extends Omit<TrainingOptions, 'model' | 'data' | 'engine'>, EngineChoice {
  /** A network, or the name of one, which is then made for the images and classes of the data. */
  readonly model: ModelSpec | NetworkName
  /** From `loadDataset` or `datasetOf`. Its test images are not looked at. */
  readonly data: Dataset
  /**
   * The share of the training images to validate on, above 0 and below 1, the same of every class; or a split of one's own;
   * or other images, so that all of the training images are learned. 0.2 unless told otherwise.
   */
  readonly validation?: number | Split | Arrays
}

/** A classifier with the weights of its best epoch, and how it came to them. */
export interface TrainedClassifier extends Classifier {
  readonly status: TrainingResult['status']
  /** The epoch whose weights it has, from 1. */
  readonly bestEpoch: number
  /** What that epoch came to on the validation images; the loss in nats. */
  readonly validation: { readonly loss: number; readonly accuracy: number }
  /** Every epoch that was trained. */
  readonly history: readonly EpochEvent[]
}

/** The same images are validated on, whatever the seed of a training. */
const SPLIT_SEED = 1

/**
 * Trains a network. `await` it for the classifier; `for await` tells how it goes, epoch by epoch. Equal options give equal
 * weights, bit for bit, whatever the threads. Throws an InputError before the first step where an option is wrong, a
 * FailureError where it ends before its first epoch does.
 *
 * ```ts
 * const data = await loadDataset('fashion-mnist')
 * const classifier = await train({ model: 'cnn-small', data, epochs: 20, earlyStopping: { patience: 3 } })
 * console.log(classifier.evaluate(data).accuracy)
 * ```
 */
export const train = (options: TrainOptions): EventStream<TrainingEvent, TrainedClassifier> =>
  eventStream(trainClassifier({ ...options }))

async function* trainClassifier({
  model: given,
  data,
  validation = 0.2,
  backend,
  arithmetic,
  threads,
  ...options
}: TrainOptions): AsyncGenerator<TrainingEvent, TrainedClassifier, undefined> {
  checkDataset(data)
  const { dataset, parts } = divided(data, validation)
  const model =
    typeof given === 'string' ? network(given, sizesOf(dataset)) : parse(modelSpec, given, 'model')
  const engine = chooseBackend({ backend, arithmetic, threads })
  const history: EpochEvent[] = []
  let end = ''
  const result = yield* shown(
    trainNetwork({ ...options, model, engine, data: trainingData(dataset, parts) }),
    (event) => {
      if (event.type === 'epoch') history.push(event)
      if (event.type === 'failed' || event.type === 'stopped') end = event.message
    },
  )
  const { status, bestEpoch } = result
  const best = history.find(({ epoch }) => epoch === bestEpoch) ?? options.resume?.best?.event
  if (best === undefined) throw new FailureError(end)
  const { valLoss, valAccuracy } = best
  const file = modelFile(dataset, { ...options, model, arithmetic: engine.arithmetic, ...result })
  const isFitted = status === 'finished'
  const fitted = isFitted ? fitModel(file, dataset, parts.validation, engine) : {}
  return {
    ...openClassifier(withMetadata(file, fitted), engine),
    status,
    bestEpoch,
    validation: { loss: valLoss ?? Number.NaN, accuracy: valAccuracy ?? Number.NaN },
    history,
  }
}

function checkDataset(dataset: Dataset): void {
  if (dataset?.train?.pixels !== undefined && Array.isArray(dataset.classNames)) return
  const received = dataset === undefined ? 'nothing' : typeof dataset
  throw new InputError({ at: 'data', expected: 'a dataset, as loadDataset gives it', received })
}

/** The images to learn and to validate on, in one set, and which are which. */
function divided(
  dataset: Dataset,
  validation: number | Split | Arrays,
): { readonly dataset: Dataset; readonly parts: Pick<Split, 'train' | 'validation'> } {
  const { train, classNames } = dataset
  if (typeof validation === 'number')
    return { dataset, parts: split(train, { validation, seed: SPLIT_SEED }, classNames) }
  if (typeof validation === 'object' && validation !== null) {
    if ('train' in validation && 'validation' in validation) return { dataset, parts: validation }
    if ('pixels' in validation) return withOthers(dataset, validation)
  }
  throw new InputError({
    at: 'validation',
    expected:
      'a share of the training images, a split with train and validation, or images with pixels and labels',
    received: typeof validation,
  })
}

/** All images of a set to learn from, and others behind them to validate on. */
function withOthers(dataset: Dataset, arrays: Arrays): ReturnType<typeof divided> {
  const { train } = dataset
  const others = imagesOf(arrays, [train.height, train.width, train.channels], 'validation')
  const count = train.count + others.count
  const joined = {
    ...train,
    count,
    pixels: joinedBytes(train.pixels, others.pixels),
    labels: joinedBytes(train.labels, others.labels),
  }
  const all = Int32Array.from({ length: count }, (_, i) => i)
  const parts = { train: all.subarray(0, train.count), validation: all.subarray(train.count) }
  return { dataset: { ...dataset, train: joined }, parts }
}

function joinedBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** What a weights file says of a network that was trained here. */
function modelFile(
  { train: { height, width, channels }, classNames, form, source }: Dataset,
  {
    model,
    weights,
    arithmetic,
    preprocessing = settings.preprocessing.default,
    loss = settings.loss.default,
  }: Pick<ModelFile, 'arithmetic'> &
    Pick<TrainingResult, 'weights'> &
    Pick<TrainingOptions, 'model' | 'preprocessing' | 'loss'>,
): ModelFile {
  return {
    name: model.name,
    spec: model,
    tensors: weights,
    classNames,
    preprocessing,
    imageShape: [height, width, channels],
    arithmetic,
    form,
    metadata: { loss, source },
  }
}

/** A weights file that says more of itself. */
const withMetadata = (file: ModelFile, more: Readonly<Record<string, number>>): ModelFile => ({
  ...file,
  metadata: {
    ...file.metadata,
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, `${value}`])),
  },
})
