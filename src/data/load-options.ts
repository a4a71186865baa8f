import type { DownloadEvent } from './download.ts'
import type { Surroundings } from './surroundings.ts'

/** What a caller of `loadDataset` may say; most sources need none of it. */
export interface LoadOptions {
  /** Told how a download goes; nothing is heard when the set is here already. */
  readonly onProgress?: ((event: DownloadEvent) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Environment, home and network; those of the process unless a test says otherwise. */
  readonly surroundings?: Surroundings | undefined
}
