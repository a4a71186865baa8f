import { InputError } from '../base/errors.ts'
import { sha256Hex } from '../base/hash.ts'
import { type Key, uniforms } from '../base/random.ts'
import { checkSpace, inOrder } from './check-space.ts'
import { holds, type Point } from './constraints.ts'
import { cardinality, type Domain, fromUnit, isIn, passes, type Scalar, valueAt } from './domain.ts'
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

/** Numbers of combinations of the parameters from the i-th on, given the values that later conditions look at. */
function counter(domains: readonly Domain[], order: readonly string[]) {
  const position = new Map(order.map((name, i) => [name, i]))
  /** For each i, the earlier parameters that a condition from i on looks at. */
  const watched = order.map((_, i) =>
    order.filter((name) =>
      domains
        .slice(i)
        .some((domain) => domain.when !== undefined && name in domain.when && position.get(name)! < i),
    ),
  )
  const looksAhead = order.map((name) =>
    domains.some((domain) => domain.when !== undefined && name in domain.when),
  )
  const memo = new Map<string, number>()
  const count = (i: number, point: Point): number => {
    if (i === order.length) return 1
    const key = `${i}|${watched[i].map((name) => JSON.stringify(point[name] ?? null)).join()}`
    const known = memo.get(key)
    if (known !== undefined) return known
    const sum = shares(i, point).reduce((total, share) => total + share.each * share.values, 0)
    memo.set(key, sum)
    return sum
  }
  /** The combinations below each value of parameter i; values that make no difference are counted together. */
  const shares = (i: number, point: Point): { each: number; values: number; first: number }[] => {
    const domain = domains[i]
    if (!isActive(domain, point)) return [{ each: count(i + 1, point), values: 1, first: 0 }]
    const values = cardinality(domain)
    if (!looksAhead[i]) return [{ each: count(i + 1, point), values, first: 0 }]
    if (!Number.isFinite(values)) return [{ each: Infinity, values: 1, first: 0 }]
    return Array.from({ length: values }, (_, v) => ({
      each: count(i + 1, { ...point, [order[i]]: valueAt(domain, v) }),
      values: 1,
      first: v,
    }))
  }
  return { count, shares }
}

function isActive({ when }: Domain, point: Point): boolean {
  if (when === undefined) return true
  return Object.entries(when).every(([name, test]) => point[name] !== undefined && passes(test, point[name]))
}

/** Checks a space and opens it; throws an InputError where it is not sound or its constraints allow nothing. */
export function openSpace(space: Space): OpenSpace {
  checkSpace(space)
  const order = inOrder(space)
  const domains = order.map((name) => space.parameters[name])
  const { count, shares } = counter(domains, order)
  const total = count(0, {})
  const size = total <= Number.MAX_SAFE_INTEGER ? total : Infinity
  let allowed: number | undefined
  const opened: OpenSpace = {
    space,
    order,
    size,
    at(index) {
      const point: Record<string, Scalar> = {}
      let rest = index
      order.forEach((name, i) => {
        const active = isActive(domains[i], point)
        for (const { each, values, first } of shares(i, point)) {
          const block = each * values
          if (rest >= block) {
            rest -= block
            continue
          }
          const turn = Math.floor(rest / each)
          rest -= turn * each
          if (active) point[name] = valueAt(domains[i], first + turn)
          break
        }
      })
      return point
    },
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
    allows: (point) => space.constraints.every((constraint) => holds(constraint, point)),
    contains(point) {
      const there = order.filter((name) => isActive(space.parameters[name], point))
      const fits =
        Object.keys(point).length === there.length &&
        there.every((name) => point[name] !== undefined && isIn(space.parameters[name], point[name]))
      return fits && opened.allows(point)
    },
    countAllowed() {
      if (space.constraints.length === 0) return Number.isFinite(size) ? size : undefined
      if (size > COUNTABLE) return undefined
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
  const found =
    count === undefined
      ? Array.from({ length: TRIES }).some((_, i) => opened.allows(opened.draw(from.child(i))))
      : count > 0
  if (found) return
  throw new InputError({
    at: `space ${space.name}: constraints`,
    expected: 'constraints that some point satisfies',
    received:
      count === undefined
        ? `none among ${TRIES.toLocaleString('en-US')} random points`
        : `none of ${opened.size} points`,
    hint: 'Together they exclude everything: loosen or remove one.',
  })
}
