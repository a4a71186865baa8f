import type {
  DuplicatesRecord,
  LabelsRecord,
  NearPairRecord,
  SuspectRecord,
} from '../../../src/experiments/audit/record.ts'
import type { SpriteRecord } from '../../parts/tiles.tsx'

/** A dataset that may be looked at. */
export interface ShelfRow {
  readonly id: string
  /** As it is written after `--data`. */
  readonly source: string
  readonly isLoaded: boolean
}

/** What the server tells of a dataset. */
export interface DatasetAnswer {
  readonly id: string
  readonly source: string
  readonly title: string
  readonly hash: string
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly counts: { readonly train: number; readonly test: number }
  readonly classes: readonly {
    readonly label: number
    readonly name: string
    readonly train: number
    readonly test: number
  }[]
  readonly balance: { readonly ratio: number | null; readonly isBalanced: boolean; readonly verdict: string }
  readonly range: { readonly min: number; readonly max: number; readonly mean: number; readonly std: number }
  /** [256] */
  readonly histogram: readonly number[]
  readonly meanImages: SpriteRecord
}

/** An image by its number among the training images. */
export interface ImageItem {
  readonly index: number
  readonly label: number
}

/** A page of images. */
export type ImagesAnswer = SpriteRecord & { readonly total: number; readonly items: readonly ImageItem[] }

/** Images that are the same in every byte. */
export interface DuplicatesAnswer {
  readonly groups: readonly (readonly ImageItem[])[]
  readonly surplus: number
  readonly conflicting: number
  /** Where an audit of the images is recorded; both images of a pair stand side by side. */
  readonly near:
    | (Pick<DuplicatesRecord, 'threshold' | 'counts'> & {
        readonly path: string
        readonly pairs: readonly NearPairRecord[]
        readonly images: SpriteRecord
      })
    | null
}

/** A page of the labels that an audit suspects. */
export type SuspectsAnswer = Omit<LabelsRecord, 'shown' | 'pixels'> & {
  readonly path: string
  readonly total: number
  readonly suspects: readonly SuspectRecord[]
  readonly images: SpriteRecord
}
