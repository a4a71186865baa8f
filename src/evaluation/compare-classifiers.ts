import { InputError } from '../base/errors.ts'
import { holm } from '../base/statistics/holm.ts'
import { median } from '../base/statistics/median.ts'
import { wilson } from '../base/statistics/shares.ts'
import { spreadOf } from '../base/statistics/spread.ts'
import { type MeansTest, pairedTTest, welchTTest } from '../base/statistics/t-tests.ts'
import { checkSameImages, type McNemar, mcnemar, smallestDifference } from './mcnemar.ts'

/** Chance may bring a false claim anywhere in a table this often. */
const LEVEL = 0.05

/** A classifier by what it said of the images: once, or once a seed that it was trained with. */
export interface ClassifierPredictions {
  readonly name: string
  /** Class numbers: shape [runs][images]. */
  readonly predictions: readonly ArrayLike<number>[]
  /** The seed of each run: classifiers of the same seeds are compared seed by seed. */
  readonly seeds?: readonly number[]
}

/** How a classifier fared. */
export interface Standing {
  readonly name: string
  /** Of the first run. */
  readonly accuracy: number
  /** Wilson's 95 % interval, which the number of images sets. */
  readonly ci95: readonly [low: number, high: number]
  readonly overSeeds?: OverSeeds
}

/** Mean accuracy over several seeds; mean ± ci95HalfWidth is its 95 % interval by Student's t, which the training's chance sets. */
export interface OverSeeds {
  readonly count: number
  readonly mean: number
  readonly standardDeviation: number
  readonly ci95HalfWidth: number
}

/** A corrected verdict on two classifiers. */
interface Verdict {
  /** After Holm's correction over all pairs. */
  readonly adjustedPValue: number
  /** Whether the corrected p-value is below 0.05. */
  readonly distinguishable: boolean
}

/** A pair of classifiers: the first run of each on the same images, and the recipes over seeds where both have several. */
export interface ComparedPair extends McNemar, Verdict {
  readonly a: string
  readonly b: string
  readonly overSeeds?: MeansTest & Verdict & { readonly test: 'paired t' | 'Welch' }
}

/** Classifiers side by side, every pair of them tested. */
export interface ClassifierComparison {
  /** Images. */
  readonly count: number
  readonly classifiers: readonly Standing[]
  readonly pairs: readonly ComparedPair[]
  /** What the number of images lets one tell apart. */
  readonly testSet: TestSetEffect
}

/** The effect of the test set's size. */
export interface TestSetEffect {
  readonly images: number
  /** Share of the images on which exactly one of two is right: the median of the pairs. */
  readonly disagreement: number
  /** The smallest difference in accuracy that one test of such a pair would call significant… */
  readonly smallestDifference: number
  /** … and that is significant whatever the other pairs say. */
  readonly smallestAfterCorrection: number
}

/**
 * Compares classifiers by what they said of the same labeled images. Two questions are kept apart: whether two trained
 * classifiers differ (McNemar's test of the first run of each: chance lies in the images), and whether two recipes do
 * (a t-test over seeds: chance lies in the training). Each has its own correction by Holm over the table.
 */
export function compareClassifiers(
  labels: ArrayLike<number>,
  classifiers: readonly ClassifierPredictions[],
): ClassifierComparison {
  for (const classifier of classifiers) check(classifier, labels)
  const accuracies = classifiers.map(({ predictions }) => predictions.map((said) => accuracy(said, labels)))
  const places = classifiers.flatMap((_, i) =>
    classifiers.slice(i + 1).map((_, k) => [i, i + 1 + k] as const),
  )
  const onImages = places.map(([i, j]) =>
    mcnemar(classifiers[i].predictions[0], classifiers[j].predictions[0], labels),
  )
  const overSeeds = places.map(([i, j]) =>
    seedTest([classifiers[i], classifiers[j]], [accuracies[i], accuracies[j]]),
  )
  const imageVerdicts = verdicts(onImages.map(({ pValue }) => pValue))
  const seedVerdicts = verdicts(overSeeds.flatMap((test) => (test === undefined ? [] : [test.pValue])))
  const pairs = places.map(([i, j], p): ComparedPair => {
    const test = overSeeds[p]
    return {
      a: classifiers[i].name,
      b: classifiers[j].name,
      ...onImages[p],
      ...imageVerdicts[p],
      ...(test && { overSeeds: { ...test, ...seedVerdicts.shift()! } }),
    }
  })
  return {
    count: labels.length,
    classifiers: classifiers.map(({ name }, i) => standing(name, accuracies[i], labels.length)),
    pairs,
    testSet: testSetEffect(labels.length, onImages),
  }
}

function check({ name, predictions, seeds }: ClassifierPredictions, labels: ArrayLike<number>): void {
  if (predictions.length === 0 || (seeds !== undefined && seeds.length !== predictions.length)) {
    const expected =
      seeds === undefined
        ? 'predictions of one run or more'
        : `predictions of ${seeds.length} runs, one a seed`
    throw new InputError({ at: `classifier ${name}`, expected, received: String(predictions.length) })
  }
  const again = seeds?.find((seed, i) => seeds.indexOf(seed) < i)
  if (again !== undefined) {
    const hint = 'Runs of one seed are the same run: name it once.'
    throw new InputError({
      at: `classifier ${name}`,
      expected: 'different seeds',
      received: `${again} twice`,
      hint,
    })
  }
  checkSameImages(predictions, labels)
}

function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) right++
  return labels.length === 0 ? 0 : right / labels.length
}

function standing(name: string, [first, ...more]: readonly number[], images: number): Standing {
  const { low, high } = wilson(first, images)
  const { ci95HalfWidth, ...spread } = spreadOf([first, ...more])
  const overSeeds = ci95HalfWidth === undefined ? {} : { overSeeds: { ...spread, ci95HalfWidth } }
  return { name, accuracy: first, ci95: [low, high], ...overSeeds }
}

/** Seed by seed where both have the same seeds, or as many without names; else as two samples. */
function seedTest([a, b]: readonly ClassifierPredictions[], [of, against]: readonly (readonly number[])[]) {
  if (of.length < 2 || against.length < 2) return undefined
  const order = (a.seeds ?? of.map((_, i) => i)).map((seed) =>
    (b.seeds ?? against.map((_, i) => i)).indexOf(seed),
  )
  const isPaired = of.length === against.length && order.every((place) => place >= 0)
  const found = isPaired
    ? pairedTTest(
        of,
        order.map((place) => against[place]),
      )
    : welchTTest(spreadOf(of), spreadOf(against))
  return { ...found!, test: isPaired ? ('paired t' as const) : ('Welch' as const) }
}

const verdicts = (pValues: readonly number[]): Verdict[] =>
  holm(pValues).map((adjustedPValue) => ({ adjustedPValue, distinguishable: adjustedPValue < LEVEL }))

function testSetEffect(images: number, pairs: readonly McNemar[]): TestSetEffect {
  const disagreement =
    pairs.length === 0 || images === 0 ? 0 : median(pairs.map(({ onlyA, onlyB }) => (onlyA + onlyB) / images))
  return {
    images,
    disagreement,
    smallestDifference: smallestDifference(images, disagreement),
    smallestAfterCorrection: smallestDifference(images, disagreement, Math.max(1, pairs.length)),
  }
}
