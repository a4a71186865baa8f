import type { Evaluation } from '../../evaluation/metrics.ts'
import { network as named } from '../../model/named.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import { evaluateRun } from '../../runs/evaluate-run.ts'
import type { ExperimentStream, Laboratory } from '../experiment.ts'
import { trainRecorded } from '../laboratory.ts'
import type { DoubledSoftmaxRecord, DoubledSoftmaxRun } from './record.ts'
import type { DoubledSoftmaxSettings } from './settings.ts'

/** Trains every network with softmax once and twice, and watches which classes are still predicted after every epoch. */
export async function* compareSoftmax(
  settings: DoubledSoftmaxSettings,
  laboratory: Laboratory,
): ExperimentStream<DoubledSoftmaxRecord> {
  const { networks, seeds, ...how } = settings
  const runs: DoubledSoftmaxRun[] = []
  for (const { network, title } of networks) {
    const once = { loss: 'cross-entropy', seed: seeds[0] } as const
    const twice = seeds.map((seed) => ({ loss: 'softmax-twice', seed }) as const)
    for (const one of [once, ...twice]) {
      const run = yield* trainWith({ ...how, network, title, ...one }, laboratory)
      if (run === undefined) return undefined
      runs.push(run)
    }
  }
  const { dataset, split } = laboratory.data
  return { classNames: [...dataset.classNames], validationImages: split.validation.length, ...how, runs }
}

type RunSettings = Omit<DoubledSoftmaxSettings, 'networks' | 'seeds'> &
  Pick<DoubledSoftmaxRun, 'network' | 'title' | 'loss' | 'seed'>

/** One network with one loss. */
async function* trainWith(
  { network, title, loss, seed, momentum, learningRate, ...how }: RunSettings,
  laboratory: Laboratory,
): ExperimentStream<DoubledSoftmaxRun> {
  const { data, engine } = laboratory
  const optimizer = { kind: 'sgd', learningRate, momentum, nesterov: true } as const
  const wanted = {
    name: `${network}, ${loss}, seed ${seed}`,
    model: named(network, sizesOf(data.dataset)),
    settings: { ...how, seed, loss, optimizer },
  }
  const run = yield* trainRecorded(wanted, laboratory)
  if (run === undefined) return undefined
  const predicted = run.events.flatMap((event) =>
    event.type === 'epoch' ? { epoch: event.epoch, counts: event.valPredictedCounts ?? [] } : [],
  )
  const isFinished = run.result.status === 'finished'
  const test = isFinished ? summarize((await evaluateRun(run, data, engine)).test.evaluation) : null
  const events = [...run.events]
  return { network, title, loss, seed, events, predicted, test }
}

function summarize({ count, loss, accuracy, confusion }: Evaluation): DoubledSoftmaxRun['test'] {
  const isPredicted = (c: number) => confusion.some((row) => row[c] > 0)
  const neverPredicted = confusion.flatMap((_, c) => (isPredicted(c) ? [] : [c]))
  return { count, loss, accuracy, neverPredicted }
}
