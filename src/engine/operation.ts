/** The form of an operation: its operands and its attributes. `operations.ts` lists them all. */

/** What an operation does with an operand. `opaque` is scratch from the way forward to the way back: only its size is promised. */
export type Role = 'read' | 'write' | 'update' | 'opaque'

export type Attributes = Readonly<Record<string, number>>

/** A number of words: the product of these attributes and numbers. */
export type Length = readonly (string | number)[]

export interface Operand {
  readonly role: Role
  readonly batched: boolean
  readonly length: Length
}

export interface Operation {
  /** The number by which programs and the C sources know it; never reused. */
  readonly code: number
  readonly operands: Readonly<Record<string, Operand>>
  /** Whole-number attributes, in the order in which they are encoded. */
  readonly integers: readonly string[]
  /** float32 attributes, in the order in which they are encoded. */
  readonly floats: readonly string[]
}

const rows =
  (role: Role) =>
  (length: Length): Operand => ({ role, batched: true, length })
const fixed =
  (role: Role) =>
  (length: Length): Operand => ({ role, batched: false, length })
/** Operands by their role: a row an example, or one for all. */
export const read = { rows: rows('read'), fixed: fixed('read') }
export const write = { rows: rows('write'), fixed: fixed('write') }
export const update = { rows: rows('update'), fixed: fixed('update') }
export const opaque = { rows: rows('opaque') }

/** The words of an operand, a row's where it is batched. */
export const lengthOf = ({ length }: Operand, attributes: Attributes): number =>
  length.reduce<number>(
    (product, factor) => product * (typeof factor === 'number' ? factor : attributes[factor]),
    1,
  )
