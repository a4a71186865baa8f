import { ShapeError } from '../base/errors.ts'
import { type Attributes, lengthOf, type Operation } from './operation.ts'
import { type AttributeNames, type OperandNames, type OperationName, operations } from './operations.ts'

/** Where a tensor lies in a session's memory: in words; `length` words an example where it is batched. */
export interface Place {
  readonly offset: number
  readonly length: number
  readonly batched: boolean
}

/** One step of a program, as data. */
export interface Instruction {
  readonly operation: OperationName
  readonly operands: Readonly<Record<string, Place>>
  readonly attributes: Attributes
}

export type Program = readonly Instruction[]

/** What a session is opened with: the memory's size in words, the largest batch, and the programs that it may run. */
export interface Plan {
  readonly words: number
  readonly batch: number
  readonly programs: Readonly<Record<string, Program>>
}

/** An instruction whose operands and attributes the compiler has checked against the table. */
export function instruction<N extends OperationName>(
  operation: N,
  operands: Readonly<Record<OperandNames<N>, Place>>,
  attributes: Readonly<Record<AttributeNames<N>, number>>,
): Instruction {
  return { operation, operands: operands as Record<string, Place>, attributes: attributes as Attributes }
}

/** The words that a place takes up in memory. */
export const span = (place: Place, batch: number) => place.length * (place.batched ? batch : 1)

function checkAttributes(name: string, operation: Operation, attributes: Attributes) {
  for (const attribute of operation.integers) {
    const value = attributes[attribute]
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) {
      throw new ShapeError({
        at: `${name}.${attribute}`,
        expected: 'a whole number of 32 bits',
        received: `${value}`,
      })
    }
  }
  for (const attribute of operation.floats) {
    const value = attributes[attribute]
    if (!Number.isFinite(value)) {
      throw new ShapeError({ at: `${name}.${attribute}`, expected: 'a finite number', received: `${value}` })
    }
  }
}

function overlap(a: Place, b: Place, batch: number) {
  return a.offset < b.offset + span(b, batch) && b.offset < a.offset + span(a, batch)
}

function checkOperands({ operation: name, operands, attributes }: Instruction, { words, batch }: Plan) {
  const entries = Object.entries(operations[name].operands as Operation['operands'])
  for (const [operand, rule] of entries) {
    const place = operands[operand]
    const at = `${name}.${operand}`
    const length = lengthOf(rule, attributes)
    if (place === undefined) throw new ShapeError({ at, expected: 'a tensor', received: 'nothing' })
    if (place.length !== length || place.batched !== rule.batched) {
      const words = (n: number, batched: boolean) => `${n} words${batched ? ' an example' : ''}`
      throw new ShapeError({
        at,
        expected: words(length, rule.batched),
        received: words(place.length, place.batched),
      })
    }
    const end = place.offset + span(place, batch)
    if (!Number.isInteger(place.offset) || !(length > 0) || place.offset < 0 || end > words) {
      throw new ShapeError({
        at,
        expected: `a place within ${words} words`,
        received: `${place.offset} to ${end}`,
      })
    }
    for (const [other, otherRule] of entries) {
      if (other === operand || (rule.role === 'read' && otherRule.role === 'read')) continue
      if (operands[other] && overlap(place, operands[other], batch)) {
        throw new ShapeError({ at, expected: `a place apart from ${other}`, received: 'overlapping places' })
      }
    }
  }
}

/** What the encoding's offsets of 32 bits can name: 8 GiB. */
export const MOST_WORDS = 2 ** 31 - 1

function checkSizes({ words, batch }: Plan) {
  for (const [what, value] of Object.entries({ words, batch })) {
    if (Number.isInteger(value) && value >= 1 && value <= MOST_WORDS) continue
    throw new ShapeError({
      at: `plan: ${what}`,
      expected: `a whole number from 1 to ${MOST_WORDS}`,
      received: `${value}`,
    })
  }
}

/** Refuses a plan whose sizes or instructions do not fit the contract, before anything is allocated. */
export function checkPlan(plan: Plan): void {
  checkSizes(plan)
  for (const program of Object.values(plan.programs)) {
    for (const step of program) {
      checkAttributes(step.operation, operations[step.operation], step.attributes)
      checkOperands(step, plan)
    }
  }
}

/** The encoding that the C sources read: one record of RECORD 32-bit words an instruction (`kernels/program.h`). */
export const RECORD = {
  words: 64,
  operands: 1,
  maxOperands: 12,
  integers: 25,
  maxIntegers: 23,
  floats: 48,
} as const

/** Encodes a program: [code, (offset, length) × 12, integers × 23, floats × 16] an instruction. */
export function encode(program: Program): Int32Array {
  const encoded = new Int32Array(program.length * RECORD.words)
  const floats = new Float32Array(encoded.buffer)
  program.forEach(({ operation: name, operands, attributes }, i) => {
    const operation: Operation = operations[name]
    const start = i * RECORD.words
    encoded[start] = operation.code
    Object.keys(operation.operands).forEach((operand, j) => {
      encoded[start + RECORD.operands + 2 * j] = operands[operand].offset
      encoded[start + RECORD.operands + 2 * j + 1] = operands[operand].length
    })
    operation.integers.forEach((attribute, j) => {
      encoded[start + RECORD.integers + j] = attributes[attribute]
    })
    operation.floats.forEach((attribute, j) => {
      floats[start + RECORD.floats + j] = attributes[attribute]
    })
  })
  return encoded
}
