/** Atelier: build, train, compare and ship image classifiers. Each name is documented where it is defined. */
export type { ErrorParts } from './base/errors.ts'
export { FailureError, InputError, ShapeError } from './base/errors.ts'
export type { EventStream } from './base/event-stream.ts'
export { wilson } from './base/statistics/shares.ts'
export type { Dataset, LabeledImages } from './data/dataset.ts'
export { type Exploration, explore } from './data/explore.ts'
export type { LoadOptions } from './data/load-options.ts'
export type { Sealed } from './data/sealed.ts'
export { loadDataset, parseSource, type Source } from './data/source.ts'
export { type Split, type SplitOptions, split } from './data/split.ts'
export type { Engine, EngineChoice } from './engine/backend.ts'
export { chooseBackend } from './engine/choose.ts'
export {
  type ClassifierComparison,
  type ClassifierPredictions,
  type ComparedPair,
  compareClassifiers,
} from './evaluation/compare-classifiers.ts'
export type { Predictions } from './evaluation/evaluate.ts'
export {
  type Explainer,
  type Explanation,
  openExplainer,
  type Question,
} from './evaluation/explanation/explain.ts'
export type { Heatmap } from './evaluation/explanation/heatmap.ts'
export type { Evaluation, Mistake } from './evaluation/metrics.ts'
export {
  exportModel,
  type FormatName,
  type Imported,
  type ImportRequest,
  importModel,
  type LayoutName,
} from './exchange/index.ts'
export { type Arrays, type DatasetArrays, datasetOf } from './library/dataset-of.ts'
export { type Answers, type PredictOptions, predict, type Values } from './library/predict.ts'
export {
  type RunningTrial,
  type SearchOptions,
  type SearchOutcome,
  search,
  type TrialIn,
} from './library/search.ts'
export { type TrainedClassifier, type TrainOptions, train } from './library/train.ts'
export {
  activation,
  add,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  type GraphNode,
  globalAveragePool2d,
  input,
  type Layer,
  maxPool2d,
  model,
} from './model/functional.ts'
export { cnn, mlp, type NetworkName, namedNetworks, network } from './model/named.ts'
export type { NamedTensor, Network } from './model/network.ts'
export type { NetworkOptions } from './model/network-options.ts'
export { type ModelSpec, parseModel } from './model/spec.ts'
export { countParameters, summarize, summaryTable } from './model/summary.ts'
export { type DecodingOptions, decodePicture } from './pictures/decode-picture.ts'
export type { PictureForm } from './pictures/form.ts'
export type { Picture } from './pictures/picture.ts'
export { type Prepared, prepare } from './pictures/prepare.ts'
export type { OptimizerInput } from './recipe/optimizers.ts'
export type { Recipe, RecipeInput } from './recipe/settings.ts'
export type { Classifier, ClassifierEvaluation } from './recognition/classifier.ts'
export { loadClassifier } from './recognition/load.ts'
export type { Prediction } from './recognition/prediction.ts'
export type { Predictor } from './recognition/predictor.ts'
export type { TrainedModel } from './recognition/trained-model.ts'
export type { CalibrationRecord } from './record/calibration.ts'
export type { EpochEvent, ProgressEvent, RunEvent } from './record/events.ts'
export type { ModelFile } from './record/model-file.ts'
export type { SplitDataset } from './record/split-dataset.ts'
export { evaluateRun } from './runs/evaluate-run.ts'
export { type ExplainedImage, explainRun, type RunExplanation } from './runs/explain-run.ts'
export {
  type RecordedRun,
  type ResumeRequest,
  type RunRequest,
  recordRun,
  resumeRun,
} from './runs/recorded-run.ts'
export { type RunRecord, readRun } from './runs/run.ts'
export type { ImageSizes, TrialSetup } from './search/networks.ts'
export { defineSearch, type SearchDefinition } from './search/read-search.ts'
export type { TrainingEvent, TrainingResult } from './training/train.ts'
export type { Constraint, Point } from './tuning/constraints.ts'
export {
  type Domain,
  integers,
  logIntegers,
  logRange,
  oneOf,
  range,
  type Scalar,
  when,
} from './tuning/domain.ts'
export type { Direction } from './tuning/journal/operations.ts'
export type { PrunerInput } from './tuning/pruners/index.ts'
export type { SamplerInput } from './tuning/samplers/index.ts'
export type { SearchEvent, SearchResult } from './tuning/search.ts'
export { defineSpace, type PointIn, type PointOf, type Space, type TypedSpace } from './tuning/space.ts'
