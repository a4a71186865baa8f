import type { HttpBindings } from '@hono/node-server'
import type { Models } from '../catalog/models.ts'
import type { RecordIndex } from '../catalog/record-index.ts'
import type { Shelf } from '../catalog/shelf.ts'
import type { TrainedModel } from '../recognition/trained-model.ts'
import type { ConcurrencyLimit } from './concurrency-limit.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Reservation } from './reserve.ts'

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
  /** A picture's file in the form of a network's training data: bytes of shape [height, width, channels]. */
  read(picture: Uint8Array, model: TrainedModel, limits: Limits): Promise<Uint8Array>
  /** Sets memory aside for a body of the announced length; throws 503 where too much is taken. */
  reserve(contentLength: string | undefined): Reservation
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
