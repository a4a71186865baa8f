import { z } from 'zod'
import { pause } from '../../base/pause.ts'
import { key, shuffle } from '../../base/random.ts'
import { REGISTERS } from '../../engine/backend.ts'
import { initializer } from '../../model/initializers.ts'
import { network as named } from '../../model/named.ts'
import { initializeWeights, type Network, openNetwork, unitInterval } from '../../model/network.ts'
import type { ModelSpec } from '../../model/spec.ts'
import { optimizer } from '../../recipe/optimizers.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import { type TrainingData, trainingData } from '../../training/data.ts'
import { describeInitializer } from '../initialization/run.ts'
import type { ActivationsRecord } from '../lab-record.ts'
import type { Experiment, Laboratory } from '../laboratory.ts'

/** One network, plain gradient descent, and several activations, each begun as suits it. */
export const activationSettings = z.strictObject({
  network: z.string().default('mlp-deep-thin'),
  steps: z.number().int().positive().default(6000),
  /** Steps between two rows. */
  every: z.number().int().positive().default(100),
  batch: z.number().int().positive().default(32),
  learningRate: z.number().positive().default(0.01),
  seed: z.number().int().nonnegative().default(1),
  runs: z
    .array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        activation: z.enum(['relu', 'sigmoid', 'tanh', 'linear']),
        initializer: initializer,
      }),
    )
    .min(1)
    .default([
      { name: 'sigmoid', title: 'sigmoid', activation: 'sigmoid', initializer: 'glorot-uniform' },
      { name: 'relu', title: 'ReLU', activation: 'relu', initializer: 'he-uniform' },
    ]),
})
export type ActivationSettings = z.infer<typeof activationSettings>

/** What is seen of a network's gradients after some steps. */
export interface GradientNorms {
  /** Steps taken so far. */
  readonly step: number
  /** Mean over the images seen since the last row; null where it is not finite. */
  readonly loss: number | null
  /** The length (L2 norm) of each kernel's gradient, the mean over the steps since the last row; null where it is not finite. */
  readonly norms: (number | null)[]
}

/** How and how long to watch. */
export interface WatchOptions extends Pick<Laboratory, 'engine' | 'signal'> {
  readonly data: TrainingData
  readonly steps: number
  readonly every: number
  readonly batch: number
  readonly learningRate: number
  readonly seed: number
}

/** The kernels of a network, from the input on. */
const kernelsOf = ({ compiled }: Network) => compiled.parameters.filter(({ role }) => role === 'kernel')

/**
 * Trains a network by plain gradient descent and tells, after each `every` steps, how long the gradient of every kernel
 * was. They are read where the training program leaves them, so that what is measured is what moved the weights.
 */
export async function* gradientNorms(
  model: ModelSpec,
  { data, engine, signal, ...rest }: WatchOptions,
): AsyncGenerator<GradientNorms, void, undefined> {
  const how = { ...rest, batch: Math.min(rest.batch, data.train.length) }
  const root = key(how.seed)
  const descent = optimizer({ kind: 'sgd', learningRate: how.learningRate, momentum: 0, nesterov: false })
  const network = openNetwork(model, engine, {
    batch: how.batch,
    ...unitInterval,
    loss: 'cross-entropy',
    key: root.child('layers'),
    update: descent.update,
  })
  try {
    initializeWeights(network, root.child('weights'))
    const seen = tally(network, how.batch)
    for (let step = 0; step < how.steps && !signal?.aborted; step++) {
      placeBatch(network, data, how.batch, step, (epoch) => root.child('order').child(epoch))
      network.session.floats.set(descent.rates(step, how.learningRate), network.compiled.rates.offset)
      network.session.run('train')
      seen.add()
      if ((step + 1) % how.every === 0) yield { step: step + 1, ...seen.take() }
      await pause()
    }
  } finally {
    network.close()
  }
}

/** Points the session at the batch of a step; every epoch has an order of its own. */
function placeBatch(
  { session }: Network,
  data: TrainingData,
  batch: number,
  step: number,
  orderKey: (epoch: number) => Parameters<typeof shuffle>[0],
): void {
  const perEpoch = Math.floor(data.train.length / batch) // whole batches alone, so that norms can be compared
  const epoch = Math.floor(step / perEpoch) + 1
  if (step % perEpoch === 0) {
    const order = shuffle(orderKey(epoch), Int32Array.from(data.train))
    session.bind({ images: data.pixels, labels: data.labels, order })
  }
  session.registers[REGISTERS.count] = batch
  session.registers[REGISTERS.position] = (step % perEpoch) * batch
  session.registers[REGISTERS.step] = step
  session.registers[REGISTERS.epoch] = epoch
}

type Floats = Float32Array | Float64Array

function sum(floats: Floats, offset: number, length: number): number {
  let total = 0
  for (let i = offset; i < offset + length; i++) total += floats[i]
  return total
}

/** The L2 norm of a part of the memory. */
function length2(floats: Floats, offset: number, length: number): number {
  let total = 0
  for (let i = offset; i < offset + length; i++) total += floats[i] * floats[i]
  return Math.sqrt(total)
}

/** Adds up losses and gradients' lengths from step to step, and gives their means. */
function tally(network: Network, batch: number) {
  const { compiled, session } = network
  const kernels = kernelsOf(network)
  let [steps, loss] = [0, 0]
  let norms = kernels.map(() => 0)
  return {
    add() {
      loss += sum(session.floats, compiled.tensors.losses.offset, batch) / batch
      norms = norms.map((norm, i) => {
        const { offset, length } = kernels[i]
        return norm + length2(session.floats, compiled.gradients.offset + offset, length)
      })
      steps += 1
    },
    take(): Omit<GradientNorms, 'step'> {
      const mean = loss / steps
      const row = {
        loss: Number.isFinite(mean) ? mean : null,
        norms: norms.map((norm) => (Number.isFinite(norm) ? norm / steps : null)),
      }
      steps = 0
      loss = 0
      norms = kernels.map(() => 0)
      return row
    },
  }
}

/** Trains the same network with every activation and keeps how long its gradients were, layer by layer. */
export async function* compareActivations(
  settings: ActivationSettings,
  laboratory: Laboratory,
): Experiment<ActivationsRecord> {
  const { runs: wanted, network, ...how } = settings
  const { engine, signal } = laboratory
  const data = trainingData(laboratory.data.dataset, laboratory.data.split)
  const runs: ActivationsRecord['runs'][number][] = []
  for (const { name, title, activation, initializer } of wanted) {
    const model = named(network, {
      ...sizesOf(laboratory.data.dataset),
      activation,
      initializer: initializer,
    })
    const layers = model.nodes.filter(({ kind }) => kind === 'dense' || kind === 'conv2d')
    const rows: GradientNorms[] = []
    const began = performance.now()
    for await (const row of gradientNorms(model, { ...how, data, engine, signal })) {
      rows.push(row)
      const imagesPerSecond = (1000 * row.step * how.batch) / (performance.now() - began)
      const progress = { type: 'progress', epoch: 1, step: row.step, steps: how.steps } as const
      const event = { ...progress, loss: row.loss ?? 0, accuracy: 0, imagesPerSecond }
      yield { type: 'run', name, epochs: 1, event }
    }
    if (signal?.aborted) return undefined
    runs.push({
      name,
      title,
      activation,
      initializer: describeInitializer(initializer),
      layers: layers.map((layer) => layer.name),
      rows,
    })
  }
  return { network, ...how, classes: data.classes, runs }
}
