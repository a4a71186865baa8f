import { InputError } from '../base/errors.ts'
import { type ConstraintData, comparisonNames, namesIn } from './constraints.ts'
import { cardinality, type Domain } from './domain.ts'
import type { Space } from './space.ts'

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

/** Says which parameters there are. */
export function unknown({ name, parameters }: Space, where: string, received: string): InputError {
  return new InputError({
    at: `space ${name}: ${where}`,
    expected: `one of the parameters ${Object.keys(parameters).join(', ')}`,
    received: `"${received}"`,
  })
}

function checkDomain(at: string, domain: Domain): void {
  const refuse = (expected: string, received: string) => {
    throw new InputError({ at, expected, received })
  }
  if (domain.kind === 'oneOf') {
    if (domain.values.length === 0) refuse('at least one value', 'an empty list')
    const seen = new Set(domain.values)
    if (seen.size < domain.values.length) refuse('different values', `[${domain.values.join(', ')}]`)
    for (const value of domain.values) {
      const sound =
        typeof value === 'number' ? Number.isFinite(value) : ['string', 'boolean'].includes(typeof value)
      if (!sound) refuse('numbers, words, true or false', JSON.stringify(value) ?? String(value))
    }
    return
  }
  const { low, high, step, log, kind } = domain
  const spoken = `${low} to ${high}${step === undefined || step === 1 ? '' : ` in steps of ${step}`}`
  const whole = kind === 'integers'
  if (![low, high].every((end) => (whole ? Number.isSafeInteger(end) : Number.isFinite(end)))) {
    refuse(whole ? 'whole numbers as ends' : 'numbers as ends', spoken)
  }
  if (low > high) refuse('a low end that is not above the high end', spoken)
  if (step !== undefined && !(step > 0 && (!whole || Number.isSafeInteger(step))))
    refuse('a step above 0', spoken)
  if (log && !(low > 0)) refuse('a low end above 0 on a logarithmic scale', spoken)
  if (log && whole && step !== 1) refuse('steps of 1 on a logarithmic scale', spoken)
}

function checkTests(space: Space, name: string): void {
  for (const [parent, test] of Object.entries(space.parameters[name].when ?? {})) {
    const domain = space.parameters[parent]
    if ('oneOf' in test && domain.kind === 'oneOf') {
      const wrong = test.oneOf.find((value) => !domain.values.includes(value))
      if (wrong === undefined && test.oneOf.length > 0) continue
      throw new InputError({
        at: `space ${space.name}: ${name}: when ${parent}`,
        expected: `one of ${domain.values.join(', ')}`,
        received: wrong === undefined ? 'an empty list' : JSON.stringify(wrong),
      })
    }
  }
}

function checkConstraint(space: Space, constraint: ConstraintData, i: number): void {
  for (const name of namesIn(constraint)) {
    if (!Object.hasOwn(space.parameters, name)) {
      throw new InputError({
        at: `space ${space.name}: constraint ${i + 1}`,
        expected: `one of the parameters ${Object.keys(space.parameters).join(', ')}`,
        received: `"${name}"`,
        hint: `A word that is no parameter is written {"value": "${name}"}; comparisons are ${comparisonNames.join(', ')}.`,
      })
    }
  }
}

/** Throws an InputError where a space is not sound. */
export function checkSpace(space: Space): void {
  const names = Object.keys(space.parameters)
  if (names.length === 0) {
    throw new InputError({ at: `space ${space.name}`, expected: 'at least one parameter', received: 'none' })
  }
  for (const name of names) {
    checkDomain(`space ${space.name}: ${name}`, space.parameters[name])
    if (cardinality(space.parameters[name]) < 1) throw new Error(`${name} has no value`)
  }
  inOrder(space)
  for (const name of names) checkTests(space, name)
  space.constraints.forEach((constraint, i) => {
    if (typeof constraint !== 'function') checkConstraint(space, constraint, i)
  })
}
