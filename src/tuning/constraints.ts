import type { Scalar } from './domain.ts'

/** The values of a trial's parameters, by name; those whose condition does not hold are missing. */
export type Point = Readonly<Record<string, Scalar>>

/** A parameter's name, a number, or any value in a box: `{ "value": "sgd" }`. */
export type Operand = string | number | { readonly value: Scalar }
type Pair = readonly [Operand, Operand]

/** A constraint as data. One that speaks of a missing parameter holds. */
export type ConstraintData =
  | { readonly less: Pair }
  | { readonly lessOrEqual: Pair }
  | { readonly equal: Pair }
  | { readonly different: Pair }
  | { readonly any: readonly ConstraintData[] }
  | { readonly all: readonly ConstraintData[] }

/** A constraint as data or as a predicate. */
export type Constraint<P = Point> = ConstraintData | ((point: P) => boolean)

const comparisons = {
  less: (a: Scalar, b: Scalar) => a < b,
  lessOrEqual: (a: Scalar, b: Scalar) => a <= b,
  equal: (a: Scalar, b: Scalar) => a === b,
  different: (a: Scalar, b: Scalar) => a !== b,
}
export type Comparison = keyof typeof comparisons
export const comparisonNames = Object.keys(comparisons) as Comparison[]

function resolve(operand: Operand, point: Point): Scalar | undefined {
  if (typeof operand === 'string') return point[operand]
  return typeof operand === 'number' ? operand : operand.value
}

/** Whether a constraint holds at a point. */
export function holds(constraint: Constraint, point: Point): boolean {
  if (typeof constraint === 'function') return constraint(point) === true
  if ('any' in constraint) return constraint.any.some((inner) => holds(inner, point))
  if ('all' in constraint) return constraint.all.every((inner) => holds(inner, point))
  const [[name, [left, right]]] = Object.entries(constraint) as [[Comparison, Pair]]
  const [a, b] = [resolve(left, point), resolve(right, point)]
  return a === undefined || b === undefined || comparisons[name](a, b)
}

/** Every parameter that a constraint as data speaks of. */
export function namesIn(constraint: ConstraintData): string[] {
  if ('any' in constraint) return constraint.any.flatMap(namesIn)
  if ('all' in constraint) return constraint.all.flatMap(namesIn)
  return Object.values(constraint)
    .flat()
    .filter((operand: Operand): operand is string => typeof operand === 'string')
}
