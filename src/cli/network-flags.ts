import { type Initializer, parseInitializer } from '../model/initializers.ts'
import type { Invocation } from './command.ts'
import { choiceFlag, numberFlag, textFlag } from './flags.ts'

type Flags = Invocation['flags']

/** What the flags say of a named network, beside its name. */
export interface NetworkChoice {
  readonly dropout: number
  readonly activation: 'relu' | 'sigmoid' | 'tanh'
  readonly initializer: Initializer
}

/** Reads what a named network leaves open. */
export function networkChoice(flags: Flags): NetworkChoice {
  return {
    dropout: numberFlag(flags, 'dropout', { least: 0, below: 1, usual: 0.2 }) ?? 0,
    activation: choiceFlag(flags, 'activation', ['relu', 'sigmoid', 'tanh']) ?? 'relu',
    initializer: parseInitializer(textFlag(flags, 'init') ?? 'he-uniform'),
  }
}

/** The share of the training images to validate on. */
export const validationShare = (flags: Flags) =>
  numberFlag(flags, 'validation', { above: 0, below: 1, usual: 0.2 }) ?? 0.2
