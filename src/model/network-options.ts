import type { Initializer } from './initializer-text.ts'
import type { Shape } from './layer.ts'
import type { ActivationName } from './layers/activation.ts'

/** What hidden layers may end in. */
export type HiddenActivation = Exclude<ActivationName, 'linear' | 'softmax'>

/** What the named networks leave open. */
export interface NetworkOptions {
  /** Of one image; [28, 28, 1] unless told otherwise. */
  readonly imageShape?: Shape
  readonly classes?: number
  readonly initializer?: Initializer
  readonly activation?: Exclude<ActivationName, 'softmax'>
  /** Dropped after every hidden layer (MLP) or pooling layer (CNN); 0 leaves the dropout layers out. */
  readonly dropout?: number
}

/** What holds where nothing is said. */
export const networkDefaults = {
  imageShape: [28, 28, 1],
  classes: 10,
  initializer: 'he-uniform',
  activation: 'relu',
  dropout: 0,
} as const satisfies Required<NetworkOptions>

/** Fills in what is not said. */
export const completeNetworkOptions = ({
  imageShape = networkDefaults.imageShape,
  classes = networkDefaults.classes,
  initializer = networkDefaults.initializer,
  activation = networkDefaults.activation,
  dropout = networkDefaults.dropout,
}: NetworkOptions): Required<NetworkOptions> => ({ imageShape, classes, initializer, activation, dropout })
