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
 * an image counts as of class j where the model is surer of j than it is, on average, of the images labelled j. Counted by
 * given label and made to sum to the labels' own counts, that is the joint of given and true labels; for each of its cells
 * off the diagonal, as many images are suspected (prune by noise rate), those of the widest margin of j over the label.
 */
export function confidentLearning(sample: OutOfSample): LabelAudit {
  const thresholds = selfConfidences(sample)
  const joint = calibrate(sample, countConfident(sample, thresholds))
  const suspects = prune(sample, joint)
  const count = sample.labels.length
  const right = joint.reduce((sum, row, i) => sum + row[i], 0)
  return { thresholds, joint, suspects, noise: count === 0 ? 0 : 1 - right / count }
}

/** t[j] = mean of p[i, j] over the images i labelled j. */
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

/** As many images of each cell off the diagonal as it counts, in whole numbers that keep the row's sum. */
function prune(sample: OutOfSample, joint: readonly (readonly number[])[]): Suspect[] {
  const { labels, probabilities: p, classes } = sample
  const ofClass: number[][] = Array.from({ length: classes }, () => [])
  for (let i = 0; i < labels.length; i++) ofClass[labels[i]].push(i)
  const suspected = new Set<number>()
  for (const [given, images] of ofClass.entries()) {
    const whole = largestRemainder(joint[given], images.length)
    for (const [other, most] of whole.entries()) {
      if (other === given || most === 0) continue
      const margin = (i: number) => p[i * classes + other] - p[i * classes + given]
      const ranked = [...images].sort((a, b) => margin(b) - margin(a) || a - b)
      // Where the model still holds with the label there is nothing to suspect.
      for (const i of ranked.slice(0, most)) if (margin(i) > 0) suspected.add(i)
    }
  }
  return rank(sample, [...suspected])
}

/** By the normalised margin p[given] − max over the others, the most negative first. */
export function rank(
  { labels, probabilities: p, classes }: OutOfSample,
  images: readonly number[],
): Suspect[] {
  const described = images.map((index): Suspect => {
    const given = labels[index]
    let likely = given === 0 ? 1 : 0
    for (let j = 0; j < classes; j++) {
      if (j !== given && p[index * classes + j] > p[index * classes + likely]) likely = j
    }
    const [probability, selfConfidence] = [p[index * classes + likely], p[index * classes + given]]
    return { index, given, likely, probability, selfConfidence }
  })
  const margin = (s: Suspect) => s.selfConfidence - s.probability
  return described.sort((a, b) => margin(a) - margin(b) || a.index - b.index)
}

function countLabels(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]] += 1
  return counts
}

const square = (size: number) => Array.from({ length: size }, () => new Array<number>(size).fill(0))
