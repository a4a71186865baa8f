import type { SilhouetteOptions } from '../../src/data/load-silhouettes.ts'
import type { ModelSpec } from '../../src/model/spec.ts'
import type { RecipeInput } from '../../src/recipe/settings.ts'
import type { ProgressEvent, RunEvent } from '../../src/record/events.ts'
import type { TrainingResult } from '../../src/training/train.ts'
import type { Fault } from '../base/fault.ts'

/** Where the page gets data from: drawn here, fetched from the server that gave the page, or a person's own files. */
export type DataRequest =
  | { readonly type: 'silhouettes'; readonly source: string; readonly options: SilhouetteOptions }
  | { readonly type: 'server'; readonly source: string; readonly id: string }
  | { readonly type: 'files'; readonly source: string; readonly files: readonly File[] }

/** Some images to look at: bytes of shape [images, height, width, channels]. */
export interface Gallery {
  readonly pixels: Uint8Array
  readonly labels: readonly number[]
}

/** What the page knows of the data in the worker. */
export interface DataSummary {
  readonly source: string
  readonly title: string
  readonly classNames: readonly string[]
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly counts: { readonly train: number; readonly validation: number; readonly test: number }
  /** A few validation images of every class: what the network is not trained on. */
  readonly gallery: Gallery
}

/** A layer's weights or outputs as pictures: `count` of [height, width], from −1 to 1, 0 where there is nothing. */
export interface Tiles {
  readonly title: string
  readonly count: number
  readonly height: number
  readonly width: number
  readonly values: Float32Array
  /** How many there are in all, where not all are shown. */
  readonly total: number
}

/** What can be seen of a network while it trains. */
export interface Snapshot {
  readonly filters: Tiles | undefined
  readonly activations: readonly Tiles[]
  readonly probabilities: readonly number[]
  /** The image of the gallery that was shown to it. */
  readonly image: number
}

/** How a training ended. */
export interface Outcome {
  readonly status: TrainingResult['status']
  readonly bestEpoch: number
  readonly weightsHash: string
  /** The trained network as a safetensors file. It stays with the page, whatever becomes of the worker. */
  readonly file: Uint8Array<ArrayBuffer>
}

export interface TrainingRequest {
  readonly model: ModelSpec
  readonly settings: RecipeInput
}

/** What the page asks of the worker. */
export type Command =
  | { readonly type: 'open'; readonly data: DataRequest; readonly validation: number }
  | ({ readonly type: 'train' } & TrainingRequest)
  | { readonly type: 'pause' | 'resume' | 'stop' }
  /** Shows the network this image of the gallery from now on. */
  | { readonly type: 'show'; readonly image: number }

/** What the worker tells the page. */
export type Report =
  | { readonly type: 'data'; readonly summary: DataSummary }
  | { readonly type: 'dataFailed'; readonly fault: Fault }
  | { readonly type: 'event'; readonly event: RunEvent | ProgressEvent }
  /** `confusion[truth][predicted]` of the validation images: shape [classes, classes]. */
  | { readonly type: 'confusion'; readonly confusion: readonly (readonly number[])[] }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'ended'; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly fault: Fault }
