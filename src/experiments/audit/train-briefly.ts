import type { Engine } from '../../engine/backend.ts'
import { type Evaluated, evaluateOnTest, evaluateOnValidation } from '../../evaluation/evaluate.ts'
import { network as named } from '../../model/named.ts'
import { type NamedTensor, unitInterval, withNetwork } from '../../model/network.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import type { SplitDataset } from '../../runs/recorded-run.ts'
import { trainingData } from '../../training/data.ts'
import { train } from '../../training/train.ts'
import type { ExperimentStream } from '../experiment.ts'
import type { LabelAuditSettings } from './settings.ts'

/** What an audit's trainings have in common. */
export interface Auditing {
  readonly data: SplitDataset
  readonly engine: Engine
  readonly settings: LabelAuditSettings
  readonly signal?: AbortSignal | undefined
}

/** Which images, by their positions in the training file, a network learns from and is asked about. */
export interface Roles {
  readonly name: string
  readonly learned: Int32Array
  readonly asked: Int32Array
}

/** What a network says of the images that it was asked about, and of the test images. */
export interface Answers {
  readonly asked: Evaluated
  readonly test: Evaluated
}

/**
 * Trains the audit's network from the same beginning and asks it. The weights are those of the last epoch, at the end of a
 * falling rate: to choose an epoch by the labels that are under suspicion would let them judge in their own cause.
 */
export async function* trainBriefly(
  { name, learned, asked }: Roles,
  auditing: Auditing,
): ExperimentStream<Answers> {
  const { data, engine, settings, signal } = auditing
  const { dataset } = data
  const model = named(settings.network, sizesOf(data.dataset))
  const { epochs, batch, seed, learningRate, momentum } = settings
  const stream = train({
    model,
    engine,
    epochs,
    batch,
    seed,
    data: trainingData(dataset, { train: learned, validation: asked }),
    optimizer: { kind: 'sgd', learningRate, momentum, nesterov: true },
    schedule: { kind: 'cosine' },
    ...(signal && { signal }),
  })
  let weights: readonly NamedTensor[] = []
  let next = await stream.next()
  for (; !next.done; next = await stream.next()) {
    if (next.value.type === 'state') weights = next.value.checkpoint.weights
    else yield { type: 'run', name, epochs, event: next.value }
  }
  if (next.value.status === 'interrupted') return undefined
  const { value } = next
  const trained = { spec: model, preprocessing: unitInterval, loss: 'cross-entropy' } as const
  return withNetwork(trained, weights.length > 0 ? weights : value.weights, engine, (opened) => ({
    asked: evaluateOnValidation(opened, dataset.train, asked, dataset.classNames),
    test: evaluateOnTest(opened, dataset.test, dataset.classNames),
  }))
}
