import { getLiveWeights, type NamedTensor, type Network, setWeights } from '../model/network.ts'
import type { EpochEvent } from '../record/events.ts'

/** The best epoch so far, by the monitored figure. */
export interface BestEpoch {
  readonly epoch: number
  readonly value: number
  readonly weights: readonly NamedTensor[]
  readonly event: EpochEvent
}

/**
 * All that training knows after an epoch. Order and dropout follow from the seed and the position, so a run that goes on
 * from here ends in the same bits as one that was never cut.
 */
export interface Checkpoint {
  /** Epochs completed. */
  readonly epoch: number
  readonly seconds: number
  readonly weights: readonly NamedTensor[]
  /** The optimizer's state and the averages of the parameters, region by region, as they lie in memory. */
  readonly state: readonly Float32Array[]
  readonly best: BestEpoch
}

/** Copies a network's weights and its optimizer's state. */
export function takeState(network: Network): Pick<Checkpoint, 'weights' | 'state'> {
  const state = network.state().map((values) => Float32Array.from(values))
  return { weights: getLiveWeights(network), state }
}

/** Puts weights and state back. */
export function restoreState(network: Network, { weights, state }: Checkpoint): void {
  setWeights(network, weights)
  const regions = network.state()
  if (state.length !== regions.length || state.some(({ length }, i) => length !== regions[i].length)) {
    throw new Error('The checkpoint belongs to another optimizer or network.')
  }
  state.forEach((values, i) => {
    regions[i].set(values)
  })
}
