import { within } from '../base/errors.ts'
import type { Dataset } from '../data/dataset.ts'
import type { Engine } from '../engine/backend.ts'
import type { Predictions } from '../evaluation/evaluate.ts'
import type { Evaluation } from '../evaluation/metrics.ts'
import { decodePictureFile } from '../pictures/picture-file.ts'
import { writeWhole } from '../record/files.ts'
import { encodeModelFile, type ModelFile } from '../record/model-file.ts'
import { evaluateModel } from './evaluate-model.ts'
import type { Prediction } from './prediction.ts'
import { openPredictor, type Predictor } from './predictor.ts'
import { trainedModel } from './trained-model.ts'

/** What a classifier did on the test images, with what it said of each of them. */
export interface ClassifierEvaluation extends Evaluation {
  readonly predictions: Predictions
}

/** A trained network in use. It takes memory and threads when it is first asked for a prediction, until it is closed. */
export interface Classifier extends Predictor {
  /**
   * Classifies the picture in a file (PNG, JPEG, WebP, GIF, TIFF, AVIF), decoded for the form of the training pictures.
   * Throws an InputError that says what is wrong with it.
   */
  predictFile(path: string): Promise<Prediction>
  /**
   * Evaluates on the test images of a dataset and breaks their seal: do it last. Throws a ShapeError where the images have
   * another size, or the classes are more or fewer.
   */
  evaluate(dataset: Dataset): ClassifierEvaluation
  /** Writes a weights file (safetensors) for `loadClassifier` and `atelier recognize --model`, over one that lies there. */
  save(path: string): Promise<void>
}

/** A classifier from what its file holds; throws an InputError that names `at` where that cannot be. */
export function openClassifier(file: ModelFile, engine: Engine, at = file.name): Classifier {
  const model = trainedModel(file, at)
  let opened: Predictor | undefined
  const predictor = () => {
    opened ??= openPredictor(model, engine)
    return opened
  }
  return {
    model,
    classNames: model.classNames,
    form: model.form,
    predict: (image) => predictor().predict(image),
    predictAll: (pixels) => predictor().predictAll(pixels),
    async predictFile(path) {
      try {
        return predictor().predict(await decodePictureFile(path, model.form))
      } catch (error) {
        throw within(path, error)
      }
    },
    evaluate(dataset) {
      const { evaluation, predictions } = evaluateModel(model, dataset, engine)
      return { ...evaluation, predictions }
    },
    save: (path) => writeWhole(path, encodeModelFile(model)),
    close() {
      opened?.close()
      opened = undefined
    },
  }
}
