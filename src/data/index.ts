export type { Dataset, Images, LabeledImages } from './dataset.ts'
export type { DownloadEvent } from './download.ts'
export { type Duplicates, findDuplicates } from './duplicates.ts'
export {
  type Balance,
  type ClassCount,
  type ExampleRow,
  type Exploration,
  explore,
  type MeanImage,
  type ShapeRow,
  type ValueRange,
} from './explore.ts'
export { fashionClassNames } from './fashion-mnist.ts'
export { MissingDataError } from './find.ts'
export { parseIdxImages, parseIdxLabels, writeIdxImages, writeIdxLabels } from './idx.ts'
export type { LoadOptions } from './load-options.ts'
export { type Sealed, seal } from './sealed.ts'
export { drawSilhouettes } from './silhouettes/silhouettes.ts'
export {
  formatSource,
  loadDataset,
  parseSource,
  type Source,
  sourceForms,
} from './source.ts'
export { type Split, type SplitOptions, split } from './split.ts'
export { processSurroundings, type Surroundings } from './surroundings.ts'
