import { initializerForms, isInitializer, parseInitializer } from '../model/initializer-text.ts'
import { type HiddenActivation, type NetworkOptions, networkDefaults } from '../model/network-options.ts'
import { type Given, type Named, number, text, word } from './setting.ts'

const activations = {
  relu: { label: 'ReLU' },
  sigmoid: { label: 'sigmoid' },
  tanh: { label: 'tanh' },
} as const satisfies Record<HiddenActivation, Named>

/** What a named network leaves open: flags of the command line, fields of the page, parameters of a search. */
export const networkOptions = {
  dropout: number(
    { least: 0, below: 1 },
    {
      ...{ default: networkDefaults.dropout, usual: 0.2, label: 'dropout', searchable: true, isCommon: true },
      about: 'dropout rate after every hidden layer of a named network',
    },
  ),
  activation: word(activations, {
    ...{ default: networkDefaults.activation, label: 'activation', searchable: true },
    about: 'activation of the hidden layers of a named network',
  }),
  initializer: text(
    { fits: isInitializer, expected: initializerForms },
    {
      ...{ default: networkDefaults.initializer, label: 'initializer', flag: 'init', searchable: true },
      about: 'weight initializer: he-, glorot- or lecun-uniform or -normal, uniform(a,b), normal(s), zeros',
    },
  ),
} as const

/** What a network is told of the options that are given. */
export const networkOptionsFrom = ({
  dropout = networkDefaults.dropout,
  activation = networkDefaults.activation,
  initializer = networkDefaults.initializer,
}: Given<typeof networkOptions>) =>
  ({ dropout, activation, initializer: parseInitializer(initializer) }) satisfies NetworkOptions
