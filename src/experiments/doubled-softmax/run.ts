import { z } from 'zod'
import type { Evaluation } from '../../evaluation/metrics.ts'
import { network as named } from '../../model/named.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import { evaluateRun } from '../../runs/evaluate-run.ts'
import { referenceResults } from '../../study/report/reference.ts'
import { type Experiment, type Laboratory, trainRecorded } from '../laboratory.ts'
import type { DoubledSoftmaxRecord, DoubledSoftmaxRun } from './record.ts'

/** Which networks are trained with softmax once and twice; all else is the reference's. */
export const doubledSoftmaxSettings = z.strictObject({
  networks: z
    .array(z.strictObject({ network: z.string(), title: z.string() }))
    .min(1)
    .default([
      { network: 'mlp-small', title: 'MLP, small' },
      { network: 'mlp-medium', title: 'MLP, medium' },
    ]),
  epochs: z.number().int().positive().default(30),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.01),
  momentum: z.number().min(0).lt(1).default(0.9),
  /** With the first, softmax is applied once and twice; with the others, twice, to see which classes die by chance. */
  seeds: z.array(z.number().int().nonnegative()).min(1).default([1]),
})
export type DoubledSoftmaxSettings = z.infer<typeof doubledSoftmaxSettings>

/** Trains every network with softmax once and twice, and watches which classes are still predicted after every epoch. */
export async function* doubledSoftmax(
  settings: DoubledSoftmaxSettings,
  laboratory: Laboratory,
): Experiment<DoubledSoftmaxRecord> {
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
): Experiment<DoubledSoftmaxRun> {
  const { data, engine } = laboratory
  const optimizer = { kind: 'sgd', learningRate, momentum, nesterov: true }
  const wanted = {
    name: `${network}, ${loss}, seed ${seed}`,
    model: named(network, sizesOf(data.dataset)),
    settings: { ...how, seed, loss, optimizer },
  }
  const run = yield* trainRecorded(wanted, laboratory)
  if (run === undefined) return undefined
  const predicted = run.events.flatMap((event) =>
    event.type === 'epoch' ? { epoch: event.epoch, counts: event.valPredicted ?? [] } : [],
  )
  const isFinished = run.result.status === 'finished'
  const test = isFinished ? summarize((await evaluateRun(run, data, engine)).test.evaluation) : null
  const reference = referenceResults[network]
  const events = [...run.events]
  return { network, title, loss, seed, events, predicted, test, ...(reference && { reference }) }
}

function summarize({ count, loss, accuracy, confusion }: Evaluation): DoubledSoftmaxRun['test'] {
  const isPredicted = (c: number) => confusion.some((row) => row[c] > 0)
  const neverPredicted = confusion.flatMap((_, c) => (isPredicted(c) ? [] : [c]))
  return { count, loss, accuracy, neverPredicted }
}
