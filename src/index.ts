/** Atelier: build, train, compare and ship image classifiers. Each name is documented where it is defined. */
export { FailureError, InputError, ShapeError } from './base/errors.ts'
export { type Key, key } from './base/random.ts'
export { holm } from './base/statistics/holm.ts'
export { wilson } from './base/statistics/shares.ts'
export { type Spread, spreadOf } from './base/statistics/spread.ts'
export { type MeansTest, pairedTTest, welchTTest } from './base/statistics/t-tests.ts'
export { resultOf } from './base/watch.ts'
export {
  type Dataset,
  type Exploration,
  explore,
  type LabeledImages,
  loadDataset,
  parseSource,
  type Sealed,
  type Source,
  type Split,
  seal,
  split,
} from './data/index.ts'
export { chooseBackend } from './engine/choose.ts'
export {
  type Answering,
  answering,
  type CoveragePoint,
  coverageCurve,
  fitThreshold,
} from './evaluation/abstaining.ts'
export { claimsOf, describeCalibration, fitOnValidation } from './evaluation/calibrate.ts'
export {
  type Classifier,
  type ClassifierComparison,
  type ComparedPair,
  compareClassifiers,
} from './evaluation/compare-classifiers.ts'
export {
  type Evaluated,
  evaluateOnTest,
  evaluateOnValidation,
  type Predictions,
} from './evaluation/evaluate.ts'
export {
  type ExplainedModel,
  type Explainer,
  type Explanation,
  openExplainer,
  type Question,
} from './evaluation/explanation/explain.ts'
export type { Heatmap } from './evaluation/explanation/heatmap.ts'
export { type McNemar, mcnemar, smallestDifference } from './evaluation/mcnemar.ts'
export {
  classMetrics,
  confusionMatrix,
  type Evaluation,
  type Mistake,
  worstMistakes,
} from './evaluation/metrics.ts'
export { type Bin, type Claims, expectedCalibrationError, reliability } from './evaluation/reliability.ts'
export { fitTemperature, soften, softenedLoss } from './evaluation/temperature.ts'
export {
  exportModel,
  type FormatName,
  type Imported,
  type ImportRequest,
  importModel,
  type LayoutName,
} from './exchange/index.ts'
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
export { cnn, mlp, type NetworkOptions, namedNetworks, network } from './model/named.ts'
export {
  type Engine,
  getWeights,
  measure,
  type NamedTensor,
  type Network,
  openNetwork,
  setWeights,
} from './model/network.ts'
export { type ModelSpec, parseModel } from './model/spec.ts'
export { countParameters, summarize, summaryTable } from './model/summary.ts'
export { type DecodingOptions, decodePicture } from './pictures/decode-picture.ts'
export type { PictureForm } from './pictures/form.ts'
export type { Picture } from './pictures/picture.ts'
export { type Prepared, prepare } from './pictures/prepare.ts'
export { optimizer } from './recipe/optimizer.ts'
export type { OptimizerInput } from './recipe/optimizers.ts'
export { classifierOf, type Trained } from './recognition/classifier-of.ts'
export { evaluateModel } from './recognition/evaluate-model.ts'
export { load } from './recognition/load.ts'
export type { Prediction, Predictor } from './recognition/predictor.ts'
export type { TrainedModel } from './recognition/trained-model.ts'
export type { CalibrationRecord, Fitted } from './record/calibration.ts'
export type { EpochEvent, ProgressEvent, RunEvent } from './record/events.ts'
export { encodeModelFile, type ModelFile } from './record/model-file.ts'
export { evaluateRun } from './runs/evaluate-run.ts'
export { type ExplainedImage, explainRun, type RunExplanation } from './runs/explain-run.ts'
export { recordRun, resumeRun } from './runs/recorded-run.ts'
export { type RunRecord, readRun, readWeights } from './runs/run.ts'
export { defineSearch, type TrialSetup } from './search/index.ts'
export { type TrainingData, trainingData } from './training/data.ts'
export { type TrainingOptions, type TrainingResult, train } from './training/train.ts'
export * from './tuning/index.ts'
