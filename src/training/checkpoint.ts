import { InputError } from '../base/errors.ts'
import { getLiveWeights, type NamedTensor, type Network, setWeights } from '../model/network.ts'
import type { Recipe } from '../recipe/settings.ts'
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
  /** The settings of the training; undefined in checkpoints of older versions. */
  readonly recipe?: Recipe | undefined
}

/** Refuses what is no checkpoint, or one of a training with other settings; it may go on for more epochs. */
export function checkResumed(resume: Checkpoint, recipe: Recipe): void {
  if (![resume.weights, resume.state, resume.best?.weights].every(Array.isArray)) {
    const hint = 'An event of type "state" has one after each epoch.'
    throw new InputError({ at: 'resume', expected: 'a checkpoint', received: 'something else', hint })
  }
  const { epochs: _, ...before } = { ...resume.recipe }
  for (const [name, value] of Object.entries(before)) {
    const [expected, received] = [value, recipe[name as keyof Recipe]].map((each) => JSON.stringify(each))
    if (expected === received) continue
    throw new InputError({
      at: `resume: ${name}`,
      expected: `${expected}, which the training had when its checkpoint was made`,
      received,
    })
  }
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
    const lengths = (of: readonly { readonly length: number }[]) => of.map(({ length }) => length).join(', ')
    throw new InputError({
      at: 'resume: state',
      expected: `the state of this optimizer for this network, of lengths ${lengths(regions)}`,
      received: lengths(state),
    })
  }
  state.forEach((values, i) => {
    regions[i].set(values)
  })
}
