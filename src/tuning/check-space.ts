import { InputError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import { parse } from '../base/parse.ts'
import { checkDomain } from './check-domain.ts'
import { type Constraint, type ConstraintData, comparisonNames, namesIn } from './constraints.ts'
import type { Space } from './space.ts'
import { constraintData } from './space-data.ts'

/** What a space may hold at most. All that is done with one is done in a moment within these bounds. */
export const SPACE_BOUNDS = {
  parameters: 1000,
  /** Values that lists and conditions name, all together. */
  values: 10_000,
  /** Comparisons, and `any` and `all` that join them, all together. */
  constraints: 10_000,
  /** Of `any` and `all` within each other. */
  depth: 50,
} as const

/** Parameters in an order in which each stands after those that its condition looks at; throws where that cannot be. */
export function inOrder(space: Space): string[] {
  const { parameters } = space
  const ordered = new Set<string>()
  const visit = (name: string, path: readonly string[]) => {
    if (ordered.has(name)) return
    const at = `space ${space.name}: ${path[0] ?? name}`
    if (path.includes(name)) {
      throw new InputError({
        at,
        expected: 'conditions that lead to a parameter without one',
        received: [...path, name].join(' → '),
      })
    }
    for (const parent of Object.keys(parameters[name].when ?? {})) {
      if (!Object.hasOwn(parameters, parent)) throw unknown(space, `${name}: when`, parent)
      visit(parent, [...path, name])
    }
    ordered.add(name)
  }
  for (const name of Object.keys(parameters)) visit(name, [])
  return [...ordered]
}

/** Words that an error lists, as many as can be read. */
function listed(words: readonly unknown[]): string {
  const shown = words.slice(0, 20).join(', ')
  return words.length > 20 ? `${shown}, … (${words.length} in all)` : shown
}

/** Says which parameters there are. */
function unknown({ name, parameters }: Space, where: string, received: string): InputError {
  return new InputError({
    at: `space ${name}: ${where}`,
    expected: `one of the parameters ${listed(Object.keys(parameters))}`,
    received: `"${received}"`,
  })
}

function checkTests(space: Space, name: string): void {
  for (const [parent, test] of Object.entries(space.parameters[name].when ?? {})) {
    const domain = space.parameters[parent]
    if ('oneOf' in test && domain.kind === 'oneOf') {
      const values = new Set(domain.values)
      const wrong = test.oneOf.find((value) => !values.has(value))
      if (wrong === undefined && test.oneOf.length > 0) continue
      throw new InputError({
        at: `space ${space.name}: ${name}: when ${parent}`,
        expected: `one of ${listed(domain.values)}`,
        received: wrong === undefined ? 'an empty list' : JSON.stringify(wrong),
      })
    }
  }
}

function checkConstraint(space: Space, constraint: ConstraintData, i: number): void {
  const at = `space ${space.name}: constraint ${i + 1}`
  parse(constraintData, constraint, at)
  const stray = namesIn(constraint).find((name) => !Object.hasOwn(space.parameters, name))
  if (stray === undefined) return
  throw new InputError({
    ...unknown(space, `constraint ${i + 1}`, stray).parts,
    hint: `A word that is no parameter is written {"value": "${stray}"}; comparisons are ${comparisonNames.join(', ')}.`,
  })
}

function refuseBeyond(at: string, what: string, most: number, received: number | string): void {
  const hint = 'Nobody searches so much: leave out what hardly matters, or give an interval for a list.'
  throw new InputError({
    at,
    expected: `at most ${most.toLocaleString('en-US')} ${what}`,
    received: `${received}`,
    hint,
  })
}

/** Refuses a space that is not one, or holds more than can be searched, before anything is done with it. */
function checkSize({ name, parameters }: Space): void {
  const at = `space ${name}`
  if (!isObject(parameters)) {
    throw new InputError({ at, expected: 'a dictionary of parameters', received: String(parameters) })
  }
  const names = Object.keys(parameters)
  if (names.length === 0) throw new InputError({ at, expected: 'at least one parameter', received: 'none' })
  if (names.length > SPACE_BOUNDS.parameters)
    refuseBeyond(at, 'parameters', SPACE_BOUNDS.parameters, names.length)
  const taken = names.find((parameter) => parameter in Object.prototype)
  if (taken !== undefined)
    throw new InputError({ at, expected: 'names that no object of JavaScript has', received: `"${taken}"` })
}

/** Refuses more values than the lists and conditions of a space may name. */
export function checkValues(at: string, values: number): void {
  if (values > SPACE_BOUNDS.values) refuseBeyond(at, 'values in lists', SPACE_BOUNDS.values, values)
}

/** How many values the lists and conditions of sound domains name. */
const valuesNamed = ({ parameters }: Space): number =>
  Object.values(parameters)
    .flatMap((domain) => [domain.kind === 'oneOf' ? domain.values : [], ...Object.values(domain.when ?? {})])
    .map((part) => ('oneOf' in part ? part.oneOf.length : Array.isArray(part) ? part.length : 0))
    .reduce((sum, count) => sum + count, 0)

/** How many comparisons, `any` and `all` constraints as data have; throws where they are too many, or too deep in each other. */
export function countConstraints(constraints: readonly unknown[], at: string): number {
  const open = constraints.map((constraint, i) => ({ constraint, depth: 1, number: i + 1 }))
  let count = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { constraint, depth, number } = next
    count += 1
    if (depth > SPACE_BOUNDS.depth)
      refuseBeyond(`${at}: constraint ${number}`, 'levels of any and all', SPACE_BOUNDS.depth, 'more')
    if (count + open.length > SPACE_BOUNDS.constraints)
      refuseBeyond(`${at}: constraints`, 'comparisons', SPACE_BOUNDS.constraints, 'more')
    if (!isObject(constraint)) continue
    for (const inner of [constraint.any, constraint.all]) {
      if (!Array.isArray(inner)) continue
      if (inner.length > SPACE_BOUNDS.constraints)
        refuseBeyond(`${at}: constraints`, 'comparisons', SPACE_BOUNDS.constraints, inner.length)
      for (const each of inner) open.push({ constraint: each, depth: depth + 1, number })
    }
  }
  return count
}

/** Throws an InputError where a space is not sound, or larger than a search can do with. */
export function checkSpace(space: Space): void {
  const { name: title, parameters, constraints } = space
  checkSize(space)
  const names = Object.keys(parameters)
  for (const name of names) checkDomain(`space ${title}: ${name}`, parameters[name])
  checkValues(`space ${title}`, valuesNamed(space))
  inOrder(space)
  for (const name of names) checkTests(space, name)
  countConstraints(constraints, `space ${title}`)
  constraints.forEach((constraint: Constraint, i) => {
    if (typeof constraint !== 'function') checkConstraint(space, constraint, i)
  })
}
