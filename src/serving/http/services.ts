import type { Library } from '../library/library.ts'
import type { Gate } from './gate.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** What the routes work with. */
export interface Services {
  readonly limits: Limits
  readonly log: Log
  readonly metrics: Metrics
  /** Around all work that costs something. */
  readonly gate: Gate
  readonly library: Library
  /** Given when the server ends: streams end with it. */
  readonly closing: AbortSignal
}
