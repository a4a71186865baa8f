import { network as named } from '../../model/named.ts'
import type { BatchResult, Floats, Network } from '../../model/network.ts'
import { gradientOf } from '../../model/programs.ts'
import { type ModelSpec, resolve } from '../../model/spec.ts'
import { sizesOf } from '../../record/split-dataset.ts'
import { type TrainingData, trainingData } from '../../training/data.ts'
import type { TrainingStep } from '../../training/epoch.ts'
import { train } from '../../training/train.ts'
import type { ExperimentStream, Laboratory } from '../experiment.ts'
import type { ActivationsRecord } from './record.ts'
import type { ActivationSettings } from './settings.ts'

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

/** The kernels of a network by name, from the input on. */
const kernelsOf = (model: ModelSpec) =>
  resolve(model).nodes.flatMap(({ name, parameters }) =>
    parameters.filter(({ role }) => role === 'kernel').map((kernel) => `${name}/${kernel.name}`),
  )

/**
 * Trains a network by plain gradient descent and tells, after each `every` steps, how long the gradient of every kernel
 * was. They are read where the training step leaves them, so that what is measured is what moved the weights. Whole batches
 * alone are taken, so that norms can be compared; a loss that is not finite ends it.
 */
export async function* gradientNorms(
  model: ModelSpec,
  { data, engine, signal, steps, every, learningRate, seed, ...rest }: WatchOptions,
): AsyncGenerator<GradientNorms, void, undefined> {
  const batch = Math.min(rest.batch, data.train.length)
  const gradients = kernelsOf(model).map(gradientOf)
  const seen = tally(gradients)
  const rows: GradientNorms[] = []
  const enough = new AbortController()
  const onStep = ({ step, network, result }: TrainingStep) => {
    seen.add(network, result)
    if ((step + 1) % every === 0) rows.push({ step: step + 1, ...seen.take() })
    if (step + 1 === steps) enough.abort()
  }
  const training = train({
    ...{ model, data, engine, batch, seed, onStep, read: gradients, dropLast: true },
    epochs: Math.ceil(steps / Math.floor(data.train.length / batch)),
    optimizer: { kind: 'sgd', learningRate, momentum: 0, nesterov: false },
    schedule: { kind: 'constant' },
    signal: AbortSignal.any([enough.signal, ...(signal ? [signal] : [])]),
  })
  for await (const _ of training) yield* rows.splice(0)
  yield* rows
}

/** The L2 norm. */
const lengthOf = (values: Floats) =>
  Math.sqrt((values as Float64Array).reduce((squares, x) => squares + x * x, 0))

/** Adds up losses and gradients' lengths from step to step, and gives their means. */
function tally(gradients: readonly string[]) {
  let [steps, loss] = [0, 0]
  let norms = gradients.map(() => 0)
  return {
    add(network: Network, { losses }: BatchResult) {
      loss += (losses as Float64Array).reduce((sum, x) => sum + x, 0) / losses.length
      norms = norms.map((norm, i) => norm + lengthOf(network.tensor(gradients[i])))
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
      norms = gradients.map(() => 0)
      return row
    },
  }
}

/** Trains the same network with every activation and keeps how long its gradients were, layer by layer. */
export async function* compareActivations(
  settings: ActivationSettings,
  laboratory: Laboratory,
): ExperimentStream<ActivationsRecord> {
  const { runs: wanted, network, ...how } = settings
  const { engine, signal } = laboratory
  const data = trainingData(laboratory.data.dataset, laboratory.data.split)
  const runs: ActivationsRecord['runs'][number][] = []
  for (const { name, title, activation, initializer } of wanted) {
    const model = named(network, { ...sizesOf(laboratory.data.dataset), activation, initializer })
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
      initializer,
      layers: layers.map((layer) => layer.name),
      rows,
    })
  }
  return { network, ...how, classes: data.classes, runs }
}
