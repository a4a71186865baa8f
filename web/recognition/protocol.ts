import type { Recognition } from '../../src/recognition/recognizer.ts'
import type { Fault } from '../training/protocol.ts'

/** What the page knows of the network that lies in the worker. */
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
}

/** What a network says of a picture, and what it saw. */
export interface Sight {
  readonly recognition: Recognition
  /** The picture in the form of the training data: bytes of shape [height, width, channels]. */
  readonly pixels: Uint8Array
  /** Whether it was light and so was turned round. */
  readonly isInverted: boolean
  /** How much each pixel speaks for `label`: bytes of shape [height, width]. */
  readonly heat: Uint8Array
  readonly label: number
  /** The layer of Grad-CAM; undefined where there are no convolutions and the heat is that of the input's gradient. */
  readonly layer: string | undefined
}

/** What the page asks of the worker. */
export type Command =
  /** Takes this weights file from now on; `at` names it in errors. */
  | { readonly type: 'model'; readonly bytes: Uint8Array; readonly at: string }
  | { readonly type: 'look'; readonly picture: Blob | ImageBitmap }
  /** Asks what speaks for another class in the picture that it saw last. */
  | { readonly type: 'explain'; readonly label: number }

/** What the worker tells the page. */
export type Report =
  | { readonly type: 'model'; readonly summary: ModelSummary }
  | { readonly type: 'noModel'; readonly fault: Fault }
  | { readonly type: 'seen'; readonly sight: Sight }
  | { readonly type: 'notSeen'; readonly fault: Fault }
