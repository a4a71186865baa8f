import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { isObject } from '../base/json.ts'
import { checkValues, countConstraints } from './check-space.ts'
import type { Constraint, ConstraintData } from './constraints.ts'
import { conditionOf, type Domain, integers, logIntegers, logRange, range, type Values } from './domain.ts'
import { domainOf, type Space } from './space.ts'
import { bounds, constraintData, scalar, someOf } from './space-data.ts'

const condition = z.record(z.string(), z.union([scalar, z.array(scalar), someOf, bounds]))
const ends = z.tuple([z.number(), z.number()])
const endsAndStep = z.union([ends, z.tuple([z.number(), z.number(), z.number()])])
const when = { when: condition.optional() }

/** The ways to write a parameter's values in JSON. */
const written = z.union([
  z.array(scalar),
  z.strictObject({ oneOf: z.array(scalar), ...when }),
  z.strictObject({ integers: endsAndStep, ...when }),
  z.strictObject({ logIntegers: ends, ...when }),
  z.strictObject({ range: endsAndStep, ...when }),
  z.strictObject({ logRange: ends, ...when }),
])

const FORMS =
  'a list, or {"oneOf": […]}, {"integers": [low, high, step?]}, {"logIntegers": [low, high]}, ' +
  '{"range": [low, high, step?]} or {"logRange": [low, high]}, each with "when" where it depends on others'

function valuesOf(given: Exclude<z.infer<typeof written>, readonly unknown[]>): Values {
  if ('oneOf' in given) return { kind: 'oneOf', values: given.oneOf }
  if ('integers' in given) return integers(...(given.integers as [number, number, number?]))
  if ('logIntegers' in given) return logIntegers(...given.logIntegers)
  if ('range' in given) return range(...(given.range as [number, number, number?]))
  return logRange(...given.logRange)
}

function parseDomain(at: string, given: unknown): Domain {
  const list = Array.isArray(given) ? given : (given as { oneOf?: unknown } | null)?.oneOf
  if (Array.isArray(list)) checkValues(at, list.length)
  const parsed = written.safeParse(given)
  if (!parsed.success) throw new InputError({ at, expected: FORMS, received: shown(given) })
  if (Array.isArray(parsed.data)) return domainOf(parsed.data)
  const values = valuesOf(parsed.data)
  return parsed.data.when === undefined ? values : { ...values, when: conditionOf(parsed.data.when) }
}

function parseConstraint(at: string, given: unknown): ConstraintData {
  const parsed = constraintData.safeParse(given)
  if (parsed.success) return parsed.data
  throw new InputError({
    at,
    expected: 'a comparison such as {"lessOrEqual": ["second", "first"]}',
    received: shown(given),
    hint: 'Comparisons: less, lessOrEqual, equal, different; joined by any, all. A .ts space takes predicates.',
  })
}

/** A value as an error shows it: its beginning, where it is long. */
function shown(given: unknown): string {
  const text = JSON.stringify(given) ?? String(given)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** Keys of a space in full, beside `parameters`. */
const FULL = new Set(['name', 'network', 'parameters', 'constraints', '$schema'])

/**
 * Reads a space from parsed JSON: in full, `{ "parameters": {…}, "constraints": […] }`, or as a dictionary of values.
 * `name` is its name where it gives none.
 */
export function parseSpace(json: unknown, name: string, at: string): Space & { readonly network?: string } {
  if (!isObject(json)) {
    throw new InputError({
      at,
      expected: 'a dictionary of parameters and their values',
      received: shown(json),
    })
  }
  const full = isObject(json.parameters)
  const stray = full ? Object.keys(json).find((key) => !FULL.has(key)) : undefined
  if (stray !== undefined) {
    throw new InputError({ at, expected: `one of ${[...FULL].join(', ')}`, received: `"${stray}"` })
  }
  const given = full ? (json.parameters as Record<string, unknown>) : json
  const parameters = Object.fromEntries(
    Object.entries(given).map(([parameter, values]) => [
      parameter,
      parseDomain(`${at}: ${parameter}`, values),
    ]),
  )
  const limits = listOf(full ? json.constraints : undefined, at)
  countConstraints(limits, at)
  const constraints: Constraint[] = limits.map((one, i) => parseConstraint(`${at}: constraint ${i + 1}`, one))
  return {
    name: full && typeof json.name === 'string' ? json.name : name,
    parameters,
    constraints,
    ...(full && typeof json.network === 'string' ? { network: json.network } : {}),
  }
}

function listOf(given: unknown, at: string): readonly unknown[] {
  if (given === undefined) return []
  if (Array.isArray(given)) return given
  throw new InputError({ at: `${at}: constraints`, expected: 'a list', received: shown(given) })
}
