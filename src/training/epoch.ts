import { pause } from '../base/pause.ts'
import { type Key, shuffle } from '../base/random.ts'
import { REGISTERS } from '../engine/backend.ts'
import { RATES } from '../engine/operations.ts'
import type { Examples, Measurement, Network } from '../model/network.ts'
import type { Optimizer } from '../recipe/optimizers.ts'
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
  readonly optimizer: Optimizer
  /** At the step of this number, counted from the run's first. */
  readonly learningRate: (step: number) => number
  /** How much of the weights' moving average is kept, once it has warmed up. */
  readonly averaging: number
  /** Keys the order of the images: that of epoch e depends on this key and on e alone. */
  readonly key: Key
  readonly signal: AbortSignal | undefined
  /** May read the network's weights, at every sign of life. */
  readonly look: ((network: Network) => void) | undefined
}

/** Sums up the losses and hits that the last run left behind, in float64, in the order of the batch. */
function sumBatch({ compiled, session }: Network, count: number): { loss: number; hits: number } {
  const { losses, hits } = compiled.tensors
  const { floats } = session
  let [loss, hit] = [0, 0]
  for (let i = 0; i < count; i++) {
    loss += floats[losses.offset + i]
    hit += floats[hits.offset + i]
  }
  return { loss, hits: hit }
}

/** Early averages forget the initial weights faster: at most (1 + step) / (10 + step) is kept. */
const warmedUp = (averaging: number, step: number) => Math.min(averaging, (1 + step) / (10 + step))

/** Trains over all examples once, in an order drawn anew; loss and accuracy are those met on the way. */
export async function* trainEpoch(
  network: Network,
  examples: Examples,
  options: EpochOptions,
): AsyncGenerator<ProgressEvent, EpochResult, undefined> {
  const { epoch, batch, optimizer } = options
  const { session, compiled } = network
  const order = shuffle(options.key.child(epoch), Int32Array.from(examples.order))
  const steps = Math.ceil(order.length / batch)
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
  session.bind({ images: examples.pixels, labels: examples.labels, order })
  for (let step = 0; step < steps; step++) {
    const count = Math.min(batch, order.length - step * batch)
    const global = (epoch - 1) * steps + step
    session.registers[REGISTERS.count] = count
    session.registers[REGISTERS.position] = step * batch
    session.registers[REGISTERS.step] = global
    session.registers[REGISTERS.epoch] = epoch
    learningRate = options.learningRate(global)
    session.floats.set(optimizer.rates(global, learningRate), compiled.rates.offset)
    session.floats[compiled.rates.offset + RATES.averaging] = warmedUp(options.averaging, global)
    session.run('train')
    const sums = sumBatch(network, count)
    lossSum += sums.loss
    hitSum += sums.hits
    seen += count
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
