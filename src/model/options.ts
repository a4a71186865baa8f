import type { Key } from '../base/random.ts'
import type { AttributeNames } from '../engine/operations.ts'
import type { Place } from '../engine/program.ts'
import type { Emitter } from './layer.ts'
import type { LossName } from './losses.ts'

/** A parameter to be updated, its gradient and what the optimizer keeps for it. */
export interface UpdateTarget {
  readonly w: Place
  readonly g: Place
  readonly state: readonly Place[]
  readonly rates: Place
  readonly matrix: { readonly rows: number; readonly columns: number }
  /** Whether weight decay shrinks it: kernels, and no biases. */
  readonly shrinks: boolean
}

/** The part of an optimizer that writes instructions. */
export interface Update {
  /** How many words of state it keeps for each weight. */
  readonly stateWords: number
  emit(emitter: Pick<Emitter, 'emit'>, target: UpdateTarget): void
}

/** What an optimizer is to a network. */
export interface UpdateRule {
  readonly update: Update
  /** The learning rate and what else the update's instructions read, for the step of this number, from 0. */
  rates(step: number, learningRate: number): readonly number[]
}

/** How training images are varied: the attributes of `gatherAugmented` but for the two of preprocessing. */
export type AugmentationAttributes = Readonly<
  Record<Exclude<AttributeNames<'gatherAugmented'>, 'scale' | 'shift'>, number>
>

export interface CompileOptions {
  /** The most examples a run takes. */
  readonly batch: number
  /** Pixel bytes become byte·scale + shift. */
  readonly scale: number
  readonly shift: number
  readonly loss: LossName
  /** Keys what is drawn at random in training. */
  readonly key: Key
  /** Without it the network cannot be trained. */
  readonly optimizer?: UpdateRule | undefined
  /** Share of the target that is spread over all classes (Szegedy et al. 2016); in training alone. */
  readonly labelSmoothing?: number | undefined
  /** The gradient's length is kept to this. */
  readonly clipNorm?: number | undefined
  /** Evaluates and keeps a moving average of the weights instead of the last ones. */
  readonly averages?: boolean | undefined
  readonly augmentation?: AugmentationAttributes | undefined
  /** Whether `backward` will be called. */
  readonly gradients?: boolean | undefined
  /** Whether `explain` will be called. */
  readonly explains?: boolean | undefined
  /**
   * The tensors that somebody will read, by name; the others share memory, and need not exist at all:
   * `dense_1/output`, `dense_1/kernel`, `gradient of dense_1/output`, `gradient of dense_1/kernel`.
   */
  readonly read?: readonly string[] | undefined
  /** The most bytes of memory that it may take: 8 GiB unless told otherwise, which is all that can be named. */
  readonly memory?: number | undefined
  /** Joins operations that belong together; true unless a test wants to see that it moves no bit. */
  readonly fuses?: boolean | undefined
}
