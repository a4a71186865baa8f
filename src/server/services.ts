import type { HttpBindings } from '@hono/node-server'
import type { RecordIndex } from '../catalog/record-index.ts'
import type { ConcurrencyLimit } from './concurrency-limit.ts'
import type { Shelf } from './dataset/shelf.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Models } from './models/models.ts'
import type { PicturePreparation } from './pictures/prepare-pictures.ts'
import type { Reserve } from './reserve.ts'

/** What the routes work with. */
export interface Services {
  readonly limits: Limits
  readonly log: Log
  readonly metrics: Metrics
  /** Around all work that costs something. */
  readonly concurrency: ConcurrencyLimit
  /** Streams of events that are open. */
  readonly streams: Set<object>
  readonly recordIndex: RecordIndex
  readonly shelf: Shelf
  readonly models: Models
  readonly pictures: PicturePreparation
  /** Memory for the bodies of requests. */
  readonly reserve: Reserve
  /** Counts pictures. */
  counted(outcome: 'recognized' | 'refused'): void
  /** Given when the server ends: streams end with it. */
  readonly closing: AbortSignal
}

/** What a Hono handler finds in its context. */
export interface Env {
  readonly Bindings: HttpBindings
  readonly Variables: {
    services: Services
    /** Given when the answer has taken too long, or nobody waits for it any more. */
    signal: AbortSignal
    /** As the metrics name it: `/api/runs/{id}`, `page`, `none`. */
    route: string
  }
}
