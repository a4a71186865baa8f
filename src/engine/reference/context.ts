import type { Slots } from '../backend.ts'
import type { Attributes } from '../operation.ts'

/** Rounds the result of one operation: `Math.fround` in float32, the identity where gradients are checked in float64. */
export type Round = (x: number) => number

/** What an operation finds when it runs. */
export interface Context {
  readonly memory: Float32Array | Float64Array
  readonly slots: Slots | undefined
  /** Live examples of this run. */
  readonly count: number
  readonly position: number
  readonly step: number
  readonly epoch: number
}

/** Word offsets of an instruction's operands. */
export type Offsets = Readonly<Record<string, number>>

/** The meaning of one operation: reads and writes `context.memory` at the operands' offsets. */
export type Meaning = (context: Context, at: Offsets, attributes: Attributes) => void
