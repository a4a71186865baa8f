import type { Prediction } from '../../src/recognition/prediction.ts'
import type { Fault } from '../base/fault.ts'

/** What the page knows of the network in the worker. */
export interface ModelSummary {
  readonly name: string
  readonly classNames: readonly string[]
  readonly height: number
  readonly width: number
  readonly channels: number
  /** The data it was trained on, where its file says so. */
  readonly source: string | undefined
  /** The probability below which it is not sure; 0 where none was fitted. */
  readonly threshold: number
  /** What pictures are brought to, in words. */
  readonly form: string
}

/** What a network says of a picture, and why. */
export interface ExplainedPrediction {
  readonly prediction: Prediction
  /** The network's input: bytes of shape [height, width, channels]. */
  readonly pixels: Uint8Array
  /** Whether the picture was light and so was inverted. */
  readonly isInverted: boolean
  /** How much each pixel contributes to `label`: bytes of shape [height, width]. */
  readonly heat: Uint8Array
  readonly label: number
  /** The layer of Grad-CAM; undefined where there are no convolutions and the heat is that of the input's gradient. */
  readonly layer: string | undefined
}

/** What the page asks of the worker. */
export type Command =
  /** Takes this weights file from now on; `at` names it in errors. */
  | { readonly type: 'open'; readonly bytes: Uint8Array; readonly at: string }
  | { readonly type: 'predict'; readonly picture: Blob | ImageBitmap }
  /** Explains another class of the picture that it saw last. */
  | { readonly type: 'explain'; readonly label: number }

/** What the worker tells the page. */
export type Report =
  | { readonly type: 'opened'; readonly summary: ModelSummary }
  | { readonly type: 'openFailed'; readonly fault: Fault }
  | { readonly type: 'predicted'; readonly explained: ExplainedPrediction }
  | { readonly type: 'predictFailed'; readonly fault: Fault }
