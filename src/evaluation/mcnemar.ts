import { ShapeError } from '../base/errors.ts'
import { signTest } from '../base/statistics/binomial.ts'
import { inverseNormal } from '../base/statistics/normal.ts'
import { Z95 } from '../base/statistics/shares.ts'

/** Two classifiers on the same images: how often each was right, and whether chance explains the difference. */
export interface McNemar {
  /** Images. */
  readonly count: number
  readonly bothRight: number
  readonly onlyA: number
  readonly onlyB: number
  readonly bothWrong: number
  /** The accuracy of A minus that of B. */
  readonly difference: number
  /** The 95 % interval of the difference. */
  readonly ci95: readonly [low: number, high: number]
  /** Two-sided mid-p value: what Fagerland, Lydersen and Laake advise, for few images and for many. */
  readonly pValue: number
  /** By the exact binomial distribution: never too bold, often too shy. */
  readonly exactPValue: number
}

/**
 * McNemar's test of two classifiers on the same images, by the images on which exactly one of them is right.
 * Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13
 * (2013). The interval is Bonett and Price's, "Adjusted Wald confidence interval for a difference of binomial
 * proportions based on paired data", Journal of Educational and Behavioral Statistics 37 (2012).
 */
export function mcnemar(
  predictedA: ArrayLike<number>,
  predictedB: ArrayLike<number>,
  labels: ArrayLike<number>,
): McNemar {
  checkSameImages([predictedA, predictedB], labels)
  const count = labels.length
  let [bothRight, onlyA, onlyB] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const [a, b] = [predictedA[i] === labels[i], predictedB[i] === labels[i]]
    if (a && b) bothRight++
    else if (a) onlyA++
    else if (b) onlyB++
  }
  const { exact, midP } = signTest(onlyA, onlyA + onlyB)
  return {
    count,
    bothRight,
    onlyA,
    onlyB,
    bothWrong: count - bothRight - onlyA - onlyB,
    difference: count === 0 ? 0 : (onlyA - onlyB) / count,
    ci95: pairedInterval(onlyA, onlyB, count),
    pValue: midP,
    exactPValue: exact,
  }
}

function pairedInterval(onlyA: number, onlyB: number, count: number): [number, number] {
  const [a, b] = [(onlyA + 1) / (count + 2), (onlyB + 1) / (count + 2)]
  const reach = Z95 * Math.sqrt((a + b - (a - b) * (a - b)) / (count + 2))
  return [Math.max(-1, a - b - reach), Math.min(1, a - b + reach)]
}

/** Refuses predictions that are not of the labeled images. */
export function checkSameImages(predictions: readonly ArrayLike<number>[], labels: ArrayLike<number>): void {
  const other = predictions.find(({ length }) => length !== labels.length)
  if (other === undefined) return
  throw new ShapeError({
    at: 'predictions',
    expected: `${labels.length}, one for each label`,
    received: String(other.length),
    hint: 'Classifiers are compared on the same images, in the same order.',
  })
}

/**
 * About the smallest difference of two accuracies that McNemar's test calls significant at 5 % on so many images, where
 * the two disagree (exactly one is right) on the share `disagreement` of them; with Holm's first step over several
 * comparisons, which is the strictest. Four times the images halve it.
 */
export function smallestDifference(count: number, disagreement: number, comparisons = 1): number {
  const z = -inverseNormal(0.025 / comparisons)
  return Math.min(1, z * Math.sqrt(disagreement / count))
}
