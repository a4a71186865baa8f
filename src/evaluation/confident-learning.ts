import { largestRemainder } from '../data/split.ts'

/** What a model that did not learn from some images says of them, beside the labels that they were given. */
export interface OutOfSample {
  /** The given labels, shape [count]. */
  readonly labels: ArrayLike<number>
  /** Shape [count, classes]. */
  readonly probabilities: ArrayLike<number>
  readonly classes: number
}

/** An image whose label is probably wrong. */
export interface Suspect {
  /** Position among the images that were looked at. */
  readonly index: number
  /** The given label. */
  readonly given: number
  /** The most probable class other than the given one. */
  readonly likely: number
  /** What the model gives the likely class, and the given one. */
  readonly probability: number
  readonly selfConfidence: number
}

/** What confident learning finds. */
export interface LabelAudit {
  /** The mean probability that images of a class have for that class: shape [classes]; null for a class without images. */
  readonly thresholds: readonly (number | null)[]
  /** `joint[given][true]` estimates how many images have both: shape [classes, classes]; it sums to the count. */
  readonly joint: readonly (readonly number[])[]
  /** The images to look at, the likeliest error first. */
  readonly suspects: readonly Suspect[]
  /** The share of images whose label is wrong, as far as the joint can tell. */
  readonly noise: number
}

/**
 * Confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021):
 * an image counts as of class j where the model is surer of j than it is, on average, of the images labeled j. Counted by
 * given label and made to sum to the labels' own counts, that is the joint of given and true labels. Of each class as many
 * images are suspected as lie off its diagonal (the paper's prune by class): those for whose label the model is least sure.
 *
 * Measured with 200 of 10,000 labels set at random, silhouettes and Fashion-MNIST, two draws each: of the first 400 suspects
 * 87 to 93 % of the 200 are found; with prune by noise rate and the normalized margin, which put images between two
 * alike classes first, 72 to 79 %.
 */
export function confidentLearning(sample: OutOfSample): LabelAudit {
  const thresholds = selfConfidences(sample)
  const joint = calibrate(sample, countConfident(sample, thresholds))
  const suspects = prune(sample, joint)
  const count = sample.labels.length
  const right = joint.reduce((sum, row, i) => sum + row[i], 0)
  return { thresholds, joint, suspects, noise: count === 0 ? 0 : 1 - right / count }
}

/** t[j] = mean of p[i, j] over the images i labeled j. */
function selfConfidences({ labels, probabilities, classes }: OutOfSample): (number | null)[] {
  const [sums, counts] = [new Float64Array(classes), countLabels(labels, classes)]
  for (let i = 0; i < labels.length; i++) sums[labels[i]] += probabilities[i * classes + labels[i]]
  return Array.from(sums, (sum, j) => (counts[j] === 0 ? null : sum / counts[j]))
}

/** The confident joint: of the classes whose threshold an image reaches, the most probable one is counted, if there is any. */
function countConfident(
  { labels, probabilities, classes }: OutOfSample,
  thresholds: readonly (number | null)[],
): number[][] {
  const joint = square(classes)
  for (let i = 0; i < labels.length; i++) {
    let best = -1
    for (let j = 0; j < classes; j++) {
      const p = probabilities[i * classes + j]
      const threshold = thresholds[j]
      if (threshold === null || p < threshold) continue
      if (best < 0 || p > probabilities[i * classes + best]) best = j
    }
    if (best >= 0) joint[labels[i]][best] += 1
  }
  return joint
}

/** Rows are scaled to the counts of the labels; a row without a count is taken to be right. */
function calibrate({ labels, classes }: OutOfSample, counted: readonly (readonly number[])[]): number[][] {
  const counts = countLabels(labels, classes)
  return counted.map((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0)
    return row.map((value, j) => (sum === 0 ? (i === j ? counts[i] : 0) : (value / sum) * counts[i]))
  })
}

/** Of each class, as many images as the joint counts off the diagonal, in whole numbers. */
function prune(
  { labels, probabilities: p, classes }: OutOfSample,
  joint: readonly (readonly number[])[],
): Suspect[] {
  const ofClass: Suspect[][] = Array.from({ length: classes }, () => [])
  for (let index = 0; index < labels.length; index++) {
    const given = labels[index]
    let likely = given === 0 ? 1 : 0
    for (let j = 0; j < classes; j++) {
      if (j !== given && p[index * classes + j] > p[index * classes + likely]) likely = j
    }
    const [probability, selfConfidence] = [p[index * classes + likely], p[index * classes + given]]
    ofClass[given].push({ index, given, likely, probability, selfConfidence })
  }
  const suspects = ofClass.flatMap((images, given) => {
    const most = images.length - largestRemainder(joint[given], images.length)[given]
    // Where the model holds with the label there is nothing to suspect.
    return rank(images)
      .slice(0, most)
      .filter(({ probability, selfConfidence }) => probability > selfConfidence)
  })
  return rank(suspects)
}

/** By the probability of the given label, the least first. */
const rank = (suspects: readonly Suspect[]) =>
  [...suspects].sort((a, b) => a.selfConfidence - b.selfConfidence || a.index - b.index)

function countLabels(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]] += 1
  return counts
}

const square = (size: number) => Array.from({ length: size }, () => new Array<number>(size).fill(0))
