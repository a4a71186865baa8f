import type { Point } from '../constraints.ts'
import type { Json, State } from './operations.ts'

/** A trial as the journal tells it. */
export interface Trial {
  readonly number: number
  readonly point: Point
  state: State
  /** The final value, where there is one. */
  value: number | undefined
  /** The steps that were reported, ascending, and what was reported. */
  readonly steps: number[]
  readonly values: number[]
  readonly attributes: Record<string, Json>
  /** When it was first begun, and when it ended. */
  readonly start: string
  /** Put into the journal by another program, to be run: its point is not yet written as parameters. */
  isEnqueued?: boolean
  end: string | undefined
}
