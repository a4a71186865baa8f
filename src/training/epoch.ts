import { pause } from '../base/pause.ts'
import { type Key, shuffle } from '../base/random.ts'
import type { BatchResult, Examples, Measurement, Network } from '../model/network.ts'
import type { ProgressEvent } from '../record/events.ts'

/** Milliseconds between two signs of life. */
const PROGRESS = 100

/** Why an epoch ended before its last step. */
export type Cut = { readonly type: 'diverged' | 'interrupted'; readonly step: number }

export interface EpochResult extends Measurement {
  readonly imagesPerSecond: number
  /** That of the last step. */
  readonly learningRate: number
  readonly cut: Cut | undefined
}

export interface EpochOptions {
  /** From 1. */
  readonly epoch: number
  readonly batch: number
  /** At the step of this number, counted from the run's first. */
  readonly learningRate: (step: number) => number
  /** How much of the weights' moving average is kept, once it has warmed up. */
  readonly averaging: number
  /** Keys the order of the images: that of epoch e depends on this key and on e alone. */
  readonly key: Key
  readonly signal: AbortSignal | undefined
  /** May read the network's weights, at every sign of life. */
  readonly look: ((network: Network) => void) | undefined
  /** Called after every step. */
  readonly onStep?: ((step: TrainingStep) => void) | undefined
  /** Leaves out the last batch of an epoch where it is not a whole one; false unless told otherwise. */
  readonly dropLast?: boolean | undefined
}

/** A step that was taken; what it refers to is overwritten by the next. */
export interface TrainingStep {
  /** Counted from the run's first, from 0. */
  readonly step: number
  readonly epoch: number
  readonly result: BatchResult
  /** What was named under `read` can be read from it. */
  readonly network: Network
}

/** Sums up the losses and hits of a batch, in float64, in its order. */
function sumBatch({ losses, hits }: BatchResult): { loss: number; hits: number } {
  let [loss, hit] = [0, 0]
  for (let i = 0; i < losses.length; i++) {
    loss += losses[i]
    hit += hits[i]
  }
  return { loss, hits: hit }
}

/** Steps in an epoch of so many images. */
export const stepsOf = (
  images: number,
  { batch, dropLast = false }: Pick<EpochOptions, 'batch' | 'dropLast'>,
) => (dropLast ? Math.floor(images / batch) : Math.ceil(images / batch))

/** Early averages forget the initial weights faster: at most (1 + step) / (10 + step) is kept. */
const warmedUp = (averaging: number, step: number) => Math.min(averaging, (1 + step) / (10 + step))

/** Trains over all examples once, in an order drawn anew; loss and accuracy are those met on the way. */
export async function* trainEpoch(
  network: Network,
  examples: Examples,
  options: EpochOptions,
): AsyncGenerator<ProgressEvent, EpochResult, undefined> {
  const { epoch, batch } = options
  const order = shuffle(options.key.child(epoch), Int32Array.from(examples.order))
  const steps = stepsOf(order.length, options)
  const shuffled = { ...examples, order }
  const began = performance.now()
  let shown = began
  let [lossSum, hitSum, seen, learningRate] = [0, 0, 0, 0]
  const result = (cut?: Cut): EpochResult => ({
    loss: lossSum / seen,
    accuracy: hitSum / seen,
    imagesPerSecond: (seen / (performance.now() - began)) * 1000,
    learningRate,
    cut,
  })
  for (let step = 0; step < steps; step++) {
    const count = Math.min(batch, order.length - step * batch)
    const global = (epoch - 1) * steps + step
    learningRate = options.learningRate(global)
    const averaging = warmedUp(options.averaging, global)
    const rates = { step: global, epoch, learningRate, averaging }
    const trained = network.train({ examples: shuffled, start: step * batch, count }, rates)
    const sums = sumBatch(trained)
    lossSum += sums.loss
    hitSum += sums.hits
    seen += count
    options.onStep?.({ step: global, epoch, result: trained, network })
    if (!Number.isFinite(sums.loss)) return result({ type: 'diverged', step: step + 1 })
    if (options.signal?.aborted) return result({ type: 'interrupted', step: step + 1 })
    await pause()
    if (performance.now() - shown > PROGRESS) {
      shown = performance.now()
      options.look?.(network)
      const { loss, accuracy, imagesPerSecond } = result()
      yield { type: 'progress', epoch, step: step + 1, steps, loss, accuracy, imagesPerSecond }
    }
  }
  return result()
}
