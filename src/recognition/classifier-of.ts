import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/backend.ts'
import type { LossName } from '../model/losses.ts'
import { type NamedTensor, type Preprocessing, unitInterval } from '../model/network.ts'
import type { ModelSpec } from '../model/spec.ts'
import type { ModelFile } from '../record/model-file.ts'

/** A network, its weights, and what it was trained on and how. */
export interface Trained {
  readonly model: ModelSpec
  readonly weights: readonly NamedTensor[]
  readonly dataset: Dataset
  readonly engine: Engine
  /** `unitInterval` unless told otherwise, as in training. */
  readonly preprocessing?: Preprocessing
  readonly loss?: LossName
}

/** A classifier from what a training leaves in hand: `encodeModelFile` makes a file of it, `evaluateModel` figures. */
export function classifierOf(trained: Trained): ModelFile {
  const { model, weights, dataset, engine, preprocessing = unitInterval, loss = 'cross-entropy' } = trained
  const { height, width, channels } = dataset.train
  return {
    name: model.name,
    spec: model,
    tensors: weights,
    classNames: dataset.classNames,
    preprocessing,
    imageShape: [height, width, channels],
    arithmetic: engine.arithmetic,
    form: dataset.form,
    metadata: { loss, source: dataset.source },
  }
}
