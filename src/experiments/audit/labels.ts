import { argmax } from '../../base/argmax.ts'
import type { SplitName } from '../../data/audit/duplicates.ts'
import { folds } from '../../data/folds.ts'
import { confidentLearning, type Suspect } from '../../evaluation/confident-learning.ts'
import type { Predictions } from '../../evaluation/evaluate.ts'
import type { ExperimentStream } from '../experiment.ts'
import type { LabelsRecord } from './record.ts'
import { type Auditing, trainBriefly } from './train-briefly.ts'

/** A suspect, and the split that it is in. */
export type PlacedSuspect = Suspect & { readonly split: SplitName }

export interface LabelFindings {
  readonly record: Omit<LabelsRecord, 'shown'>
  /** Likeliest error first, of all splits. */
  readonly suspects: readonly PlacedSuspect[]
}

/** What networks say of the images of a file that they did not learn from: probabilities of [count, classes]. */
interface Judged {
  readonly labels: Uint8Array
  readonly probabilities: Float64Array
}

/**
 * Suspects labels by confident learning. Each training image (validation ones among them) is judged by the network that
 * did not learn from its fold; the test images, from which none learned, by the mean of all.
 */
export async function* auditLabels(auditing: Auditing): ExperimentStream<LabelFindings> {
  const began = performance.now()
  const { settings, data } = auditing
  const { dataset, split } = data
  const classes = dataset.classNames.length
  const judged = yield* judge(auditing)
  if (judged === undefined) return undefined
  const { training, test } = judged
  const [ofTraining, ofTest] = [training, test].map((part) => confidentLearning({ ...part, classes }))
  const isHeldOut = new Set(split.validation)
  const suspects = [
    ...ofTraining.suspects.map((one) => ({
      ...one,
      split: isHeldOut.has(one.index) ? ('validation' as const) : ('train' as const),
    })),
    ...ofTest.suspects.map((one) => ({ ...one, split: 'test' as const })),
  ].sort((a, b) => a.selfConfidence - b.selfConfidence)
  const suspected = {
    training: new Set(ofTraining.suspects.map(({ index }) => index)),
    test: new Set(ofTest.suspects.map(({ index }) => index)),
  }
  const retrained = yield* retrain(auditing, suspected)
  if (retrained === undefined) return undefined
  const { network, epochs, batch, learningRate, seed } = settings
  const parts = (['training', 'test'] as const).map((part) => {
    const { labels, probabilities } = judged[part]
    const { noise, suspects: found } = part === 'training' ? ofTraining : ofTest
    const isRight = (i: number) => argmax(probabilities, i * classes, classes) === labels[i]
    const accuracy = accuracies(labels.length, isRight, (i) => suspected[part].has(i))
    return { part, images: labels.length, suspects: found.length, noise, accuracy }
  })
  const record = {
    ...{ network, folds: settings.folds, epochs, batch, learningRate, seed },
    parts,
    commonest: commonestOf(suspects),
    retrained,
    seconds: (performance.now() - began) / 1000,
  }
  return { record, suspects }
}

/** Trains one network a fold; undefined where it was interrupted. */
async function* judge(auditing: Auditing): ExperimentStream<{ training: Judged; test: Judged }> {
  const { dataset } = auditing.data
  const classes = dataset.classNames.length
  const parts = folds(dataset.train.labels, auditing.settings.folds, auditing.settings.seed)
  const training = {
    labels: dataset.train.labels,
    probabilities: new Float64Array(dataset.train.count * classes),
  }
  const sums = new Float64Array(dataset.test.count * classes)
  let labels: Uint8Array | undefined
  for (const [f, asked] of parts.entries()) {
    const learned = Int32Array.from(parts.flatMap((part, other) => (other === f ? [] : [...part]))).sort()
    const answers = yield* trainBriefly(
      { name: `fold ${f + 1} of ${parts.length}`, learned, asked },
      auditing,
    )
    if (answers === undefined) return undefined
    const { probabilities } = answers.asked.predictions
    asked.forEach((image, i) => {
      training.probabilities.set(probabilities.subarray(i * classes, (i + 1) * classes), image * classes)
    })
    answers.test.predictions.probabilities.forEach((p, i) => {
      sums[i] += p
    })
    labels = answers.test.images.labels
  }
  if (labels === undefined) throw new Error('There are no folds.')
  const test = { labels, probabilities: sums.map((sum) => sum / parts.length) }
  return { training, test }
}

/** Trains once on all training images of the split and once without the suspects among them, and measures both ways. */
async function* retrain(
  auditing: Auditing,
  suspected: { readonly training: ReadonlySet<number>; readonly test: ReadonlySet<number> },
): ExperimentStream<LabelsRecord['retrained'][number][]> {
  const { split } = auditing.data
  const rows: LabelsRecord['retrained'][number][] = []
  for (const trainedOn of ['all', 'without'] as const) {
    const learned = split.train.filter((image) => trainedOn === 'all' || !suspected.training.has(image))
    const name = trainedOn === 'all' ? 'with the suspects' : 'without the suspects'
    const answers = yield* trainBriefly({ name, learned, asked: split.validation }, auditing)
    if (answers === undefined) return undefined
    const on = ({ predicted, truth }: Predictions, isSuspected: (i: number) => boolean) =>
      accuracies(truth.length, (i) => predicted[i] === truth[i], isSuspected)
    rows.push({
      trainedOn,
      images: learned.length,
      validation: on(answers.asked.predictions, (i) => suspected.training.has(split.validation[i])),
      test: on(answers.test.predictions, (i) => suspected.test.has(i)),
    })
  }
  return rows
}

function accuracies(count: number, isRight: (i: number) => boolean, isSuspected: (i: number) => boolean) {
  let [right, kept, rightKept] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const [hit, trusted] = [isRight(i) ? 1 : 0, isSuspected(i) ? 0 : 1]
    right += hit
    kept += trusted
    rightKept += hit * trusted
  }
  return { all: right / count, without: kept === 0 ? 0 : rightKept / kept }
}

/** Which label is commonly given for which class, the commonest first. */
function commonestOf(suspects: readonly Suspect[], most = 10): LabelsRecord['commonest'][number][] {
  const counts = new Map<string, { given: number; likely: number; count: number }>()
  for (const { given, likely } of suspects) {
    const name = `${given},${likely}`
    const row = counts.get(name) ?? { given, likely, count: 0 }
    row.count += 1
    counts.set(name, row)
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || a.given - b.given || a.likely - b.likely)
    .slice(0, most)
}
