import { z } from 'zod'
import { key } from '../base/random.ts'
import { evaluateOnTest, evaluateOnValidation } from '../evaluation/evaluate.ts'
import { network as named } from '../model/named.ts'
import {
  type Engine,
  type Network,
  openNetwork,
  PREDICTION_BATCH,
  setWeights,
  unitInterval,
} from '../model/network.ts'
import type { DoubledSoftmaxRecord, DoubledSoftmaxRun } from '../record/doubled-softmax.ts'
import type { RunEvent } from '../record/events.ts'
import { referenceResults } from '../report/reference.ts'
import { trainingData } from '../training/data.ts'
import { train } from '../training/train.ts'
import type { Experiment } from './lab/events.ts'
import { sizesOf } from './lab/initialisation.ts'
import type { SplitDataset } from './recorded-run.ts'

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

/** What the experiment is given beside its settings. */
export interface DoubledSoftmaxRequest {
  readonly data: SplitDataset
  readonly engine: Engine
  readonly signal?: AbortSignal | undefined
}

/** Trains every network with softmax once and twice, and watches which classes are still predicted after every epoch. */
export async function* doubledSoftmax(
  settings: DoubledSoftmaxSettings,
  request: DoubledSoftmaxRequest,
): Experiment<DoubledSoftmaxRecord> {
  const { networks, seeds, ...how } = settings
  const runs: DoubledSoftmaxRun[] = []
  for (const { network, title } of networks) {
    const once = { loss: 'cross-entropy', seed: seeds[0] } as const
    const twice = seeds.map((seed) => ({ loss: 'softmax-twice', seed }) as const)
    for (const one of [once, ...twice]) {
      const run = yield* trainWith({ ...how, network, title, ...one }, request)
      if (run === undefined) return undefined
      runs.push(run)
    }
  }
  const { dataset, split } = request.data
  return { classNames: [...dataset.classNames], validationImages: split.validation.length, ...how, runs }
}

type RunSettings = Omit<DoubledSoftmaxSettings, 'networks' | 'seeds'> &
  Pick<DoubledSoftmaxRun, 'network' | 'title' | 'loss' | 'seed'>

/** One network with one loss. */
async function* trainWith(
  { network, title, loss, momentum, learningRate, ...how }: RunSettings,
  { data: { dataset, split }, engine, signal }: DoubledSoftmaxRequest,
): Experiment<DoubledSoftmaxRun> {
  const data = trainingData(dataset, split)
  const model = named(network, sizesOf(data))
  const optimizer = { kind: 'sgd', learningRate, momentum, nesterov: true } as const
  const stream = train({ ...how, model, data, engine, loss, optimizer, ...(signal && { signal }) })
  const judge = openNetwork(model, engine, {
    batch: PREDICTION_BATCH,
    ...unitInterval,
    loss,
    key: key(how.seed),
  })
  const events: RunEvent[] = []
  const predicted: DoubledSoftmaxRun['predicted'][number][] = []
  try {
    let next = await stream.next()
    for (; !next.done; next = await stream.next()) {
      const event = next.value
      if (event.type === 'state') {
        setWeights(judge, event.checkpoint.weights)
        const { evaluation } = evaluateOnValidation(
          judge,
          dataset.train,
          split.validation,
          dataset.classNames,
        )
        predicted.push({ epoch: event.checkpoint.epoch, counts: columnSums(evaluation.confusion) })
        continue
      }
      if (event.type !== 'progress') events.push(event)
      yield { type: 'run', name: `${network}, ${loss}, seed ${how.seed}`, epochs: how.epochs, event }
    }
    const { status, weights } = next.value
    if (status === 'interrupted') return undefined
    if (status === 'finished') setWeights(judge, weights)
    const test = status === 'finished' ? testWith(judge, dataset) : null
    const reference = referenceResults[network]
    return { network, title, loss, seed: how.seed, events, predicted, test, ...(reference && { reference }) }
  } finally {
    judge.close()
    await stream.return(undefined as never)
  }
}

/** How many images were given to each class. */
const columnSums = (confusion: readonly (readonly number[])[]) =>
  confusion.map((_, predicted) => confusion.reduce((sum, row) => sum + row[predicted], 0))

function testWith(
  network: Network,
  { test, classNames }: SplitDataset['dataset'],
): DoubledSoftmaxRun['test'] {
  const { count, loss, accuracy, confusion } = evaluateOnTest(network, test, classNames).evaluation
  const neverPredicted = columnSums(confusion).flatMap((images, c) => (images === 0 ? [c] : []))
  return { count, loss, accuracy, neverPredicted }
}
