import type { Dataset, Images, LabeledImages } from './dataset.ts'
import type { Split } from './split.ts'

/** One split and the shape of its images: [count, height, width, channels]. */
export interface ShapeRow {
  readonly split: 'train' | 'validation' | 'test'
  readonly shape: readonly [count: number, height: number, width: number, channels: number]
}

/** Of pixels / 255. */
export interface ValueRange {
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly std: number
}

/** How many images of a class each split holds. */
export interface ClassCount {
  readonly label: number
  readonly name: string
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** How evenly the images are spread over the classes. */
export interface Balance {
  /** The largest class divided by the smallest one. */
  readonly ratio: number
  readonly isBalanced: boolean
  readonly verdict: string
}

/** One image and its class. */
export interface ExampleRow {
  /** Position in the training images. */
  readonly index: number
  readonly label: number
  readonly name: string
}

/** The average of a class. */
export interface MeanImage {
  readonly label: number
  readonly name: string
  readonly count: number
  /** Mean of pixels / 255, shape [height, width, channels]; zeros for a class without images. */
  readonly values: Float64Array
}

/** What one looks at before training; the test split shows its counts and nothing else. */
export interface Exploration {
  readonly shapes: readonly ShapeRow[]
  readonly range: ValueRange
  readonly classCounts: readonly ClassCount[]
  readonly balance: Balance
  readonly firstImages: readonly ExampleRow[]
  readonly meanImages: readonly MeanImage[]
}

/** Rows for the tables and figures of a set; range, means and first images are of all images outside the test split. */
export function explore(dataset: Dataset, split: Split, { first = 40 } = {}): Exploration {
  const classCounts = countClasses(dataset, split)
  return {
    shapes: shapeRows(dataset, split),
    range: valueRange(dataset.train),
    classCounts,
    balance: judgeBalance(classCounts.map(({ train, validation }) => train + validation)),
    firstImages: firstImages(dataset, first),
    meanImages: meanImages(dataset.train, dataset.classNames),
  }
}

/** The shapes of the three splits. */
export function shapeRows({ train, test }: Dataset, split: Split): ShapeRow[] {
  const row = (name: ShapeRow['split'], count: number): ShapeRow => ({
    split: name,
    shape: [count, train.height, train.width, train.channels],
  })
  return [
    row('train', split.train.length),
    row('validation', split.validation.length),
    row('test', test.count),
  ]
}

/** Smallest, largest, mean and standard deviation of pixels / 255, exact but for the last rounding. */
export function valueRange({ pixels }: Images): ValueRange {
  const histogram = new Float64Array(256)
  for (let i = 0; i < pixels.length; i++) histogram[pixels[i]] += 1
  const levels = Array.from(histogram.keys()).filter((level) => histogram[level] > 0)
  const mean = levels.reduce((sum, level) => sum + level * histogram[level], 0) / pixels.length
  const variance =
    levels.reduce((sum, level) => sum + (level - mean) ** 2 * histogram[level], 0) / pixels.length
  return {
    min: levels[0] / 255,
    max: levels[levels.length - 1] / 255,
    mean: mean / 255,
    std: Math.sqrt(variance) / 255,
  }
}

/** Images of each class in each split. */
export function countClasses({ classNames, train, test }: Dataset, split: Split): ClassCount[] {
  const inTrain = countLabels(train.labels, split.train, classNames.length)
  const inValidation = countLabels(train.labels, split.validation, classNames.length)
  return classNames.map((name, label) => ({
    label,
    name,
    train: inTrain[label],
    validation: inValidation[label],
    test: test.classCounts[label],
  }))
}

function countLabels(labels: Uint8Array, positions: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const position of positions) counts[labels[position]] += 1
  return counts
}

/**
 * Up to half as many again, accuracy is a fair measure and no class needs a weight; from there to a factor of ten it
 * pays to look at each class by itself; beyond, a model that ignores the smallest class may still look good.
 */
export function judgeBalance(counts: readonly number[]): Balance {
  const [smallest, largest] = [Math.min(...counts), Math.max(...counts)]
  const ratio = largest / smallest
  const isBalanced = ratio <= 1.5
  return { ratio, isBalanced, verdict: verdict(smallest, largest, ratio) }
}

function verdict(smallest: number, largest: number, ratio: number): string {
  const plural = largest === 1 ? 'image' : 'images'
  if (ratio === 1) return `Balanced: every class has ${largest} ${plural}, so accuracy is a fair measure.`
  const range = `the classes have ${smallest} to ${largest} images`
  if (smallest === 0) return `Incomplete: ${range}; a class without images cannot be learned.`
  const times = `a factor of ${ratio.toFixed(ratio < 10 ? 2 : 0)}`
  if (ratio <= 1.5) return `Balanced: ${range}, ${times}; accuracy is a fair measure.`
  if (ratio <= 10) return `Imbalanced: ${range}, ${times}; read precision and recall of each class too.`
  return `Heavily imbalanced: ${range}, ${times}; accuracy hides the small classes, read recall of each class.`
}

/** The first images of the training file, in its own order. */
export function firstImages({ train, classNames }: Dataset, first: number): ExampleRow[] {
  return Array.from(train.labels.subarray(0, first), (label, index) => ({
    index,
    label,
    name: classNames[label],
  }))
}

/** What the average image of each class looks like. */
export function meanImages(
  { count, pixels, labels, height, width, channels }: LabeledImages,
  classNames: readonly string[],
): MeanImage[] {
  const size = height * width * channels
  const sums = classNames.map(() => new Float64Array(size))
  const counts = classNames.map(() => 0)
  for (let i = 0; i < count; i++) {
    const sum = sums[labels[i]]
    counts[labels[i]] += 1
    for (let p = 0, at = i * size; p < size; p++) sum[p] += pixels[at + p]
  }
  return classNames.map((name, label) => ({
    label,
    name,
    count: counts[label],
    values: sums[label].map((sum) => (counts[label] === 0 ? 0 : sum / counts[label] / 255)),
  }))
}
