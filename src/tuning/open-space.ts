import { InputError, messageOf } from '../base/errors.ts'
import { sha256Hex } from '../base/hash.ts'
import { type Key, uniforms } from '../base/random.ts'
import { checkSpace, countConstraints, inOrder } from './check-space.ts'
import { type Constraint, holds, type Point } from './constraints.ts'
import { countPoints } from './count-points.ts'
import { type Domain, fromUnit, isIn, passes, type Scalar } from './domain.ts'
import type { Space } from './space.ts'

/** A checked space with what samplers need of it. Nothing is materialized: a point is worked out from its number. */
export interface OpenSpace {
  readonly space: Space
  /** The parameters, each after those that its condition looks at. */
  readonly order: readonly string[]
  /** Points without regard to constraints; Infinity where they are not counted. */
  readonly size: number
  /** The i-th point in the order of nested loops, the last parameter turning fastest. */
  at(index: number): Point
  /** The point at a place of the unit cube; only parameters that are there are asked for. */
  place(unit: (name: string, i: number) => number): Point
  /** A point drawn at random, without regard to constraints. */
  draw(from: Key): Point
  /** Whether a parameter is there, given those before it. */
  isThere(name: string, point: Point): boolean
  /** How many points may be looked at in a row for one that the constraints allow. */
  readonly patience: number
  /** Whether all constraints hold. */
  allows(point: Point): boolean
  /** Whether a point has exactly the parameters and values that it may, and all constraints hold. */
  contains(point: Point): boolean
  /** Points that the constraints allow; undefined where there are too many to count. */
  countAllowed(): number | undefined
  /** Names a point: equal points have equal names. */
  nameOf(point: Point): string
  /** SHA-256, hex, of the space as data; predicates by their source. */
  readonly hash: string
}

/** Up to here the points that constraints allow are counted one by one. */
const COUNTABLE = 200_000
/** Random points that are tried before a space that cannot be counted is called empty. */
const TRIES = 20_000
/** Parameters and comparisons that are looked at one after another before a search for a point is given up: a second. */
const WORK = 4_000_000

function isActive({ when }: Domain, point: Point): boolean {
  if (when === undefined) return true
  return Object.entries(when).every(([name, test]) => point[name] !== undefined && passes(test, point[name]))
}

/** Checks a space and opens it; throws an InputError where it is not sound */
export function openSpace(space: Space): OpenSpace {
  checkSpace(space)
  const order = inOrder(space)
  const domains = order.map((name) => space.parameters[name])
  const { size, at } = countPoints(space.name, order, domains)
  let allowed: number | undefined
  const opened: OpenSpace = {
    space,
    order,
    size,
    at,
    patience: Math.ceil(WORK / (order.length + countConstraints(space.constraints, space.name))),
    place(unit) {
      const point: Record<string, Scalar> = {}
      order.forEach((name, i) => {
        if (isActive(domains[i], point)) point[name] = fromUnit(domains[i], unit(name, i))
      })
      return point
    },
    draw(from) {
      const draws = uniforms(from, order.length)
      return opened.place((_, i) => draws[i])
    },
    isThere: (name, point) => isActive(space.parameters[name], point),
    allows: (point) => space.constraints.every((constraint, i) => judge(space, constraint, i, point)),
    contains(point) {
      const there = order.filter((name) => isActive(space.parameters[name], point))
      const fits =
        Object.keys(point).length === there.length &&
        there.every((name) => point[name] !== undefined && isIn(space.parameters[name], point[name]))
      return fits && opened.allows(point)
    },
    countAllowed() {
      if (space.constraints.length === 0) return Number.isFinite(size) ? size : undefined
      if (size > Math.min(COUNTABLE, opened.patience)) return undefined
      if (allowed === undefined) {
        allowed = 0
        for (let i = 0; i < size; i++) if (opened.allows(opened.at(i))) allowed += 1
      }
      return allowed
    },
    nameOf: (point) => order.map((name) => JSON.stringify(point[name] ?? null)).join(),
    hash: sha256Hex(new TextEncoder().encode(JSON.stringify(spaceData(space)))),
  }
  return opened
}

/** Whether a constraint holds; a predicate that throws is told by its number. */
function judge({ name }: Space, constraint: Constraint, i: number, point: Point): boolean {
  try {
    return holds(constraint, point)
  } catch (cause) {
    throw new InputError(
      {
        at: `space ${name}: constraint ${i + 1}`,
        expected: 'a predicate that says of every point whether it holds',
        received: `one that threw: ${messageOf(cause)}`,
      },
      { cause },
    )
  }
}

/** A space as data, for records: predicates by their source. */
export function spaceData({ name, parameters, constraints }: Space) {
  return {
    name,
    parameters,
    constraints: constraints.map((constraint) =>
      typeof constraint === 'function' ? { predicate: constraint.toString() } : constraint,
    ),
  }
}

/** Throws where no point satisfies the constraints (where they cannot be counted: where 20,000 random ones do not). */
export function refuseEmpty(opened: OpenSpace, from: Key): void {
  const { space } = opened
  if (space.constraints.length === 0) return
  const count = opened.countAllowed()
  const tries = Math.min(TRIES, opened.patience)
  const found = count === undefined ? hasAllowed(opened, from, tries) : count > 0
  if (found) return
  const looked = count === undefined ? `among ${tries.toLocaleString('en-US')} random` : `of ${opened.size}`
  throw excludesAll(opened, looked)
}

/** The error of constraints that allow none of some points. */
export function excludesAll({ space }: OpenSpace, looked: string): InputError {
  return new InputError({
    at: `space ${space.name}: constraints`,
    expected: 'constraints that some point satisfies',
    received: `none ${looked} points`,
    hint: 'Together they exclude everything, or nearly: loosen or remove one.',
  })
}

function hasAllowed(opened: OpenSpace, from: Key, tries: number): boolean {
  for (let i = 0; i < tries; i++) if (opened.allows(opened.draw(from.child(i)))) return true
  return false
}
