import type { Constraint, Point } from './constraints.ts'
import type { Condition, Domain, Integers, OneOf, Range, Scalar } from './domain.ts'

/** A parameter's values as a person writes them: a list is one of its values. */
export type DomainInput = readonly Scalar[] | Domain

/** The type of a parameter's value; one under a condition may be missing. */
export type ValueOf<D> =
  | (D extends readonly (infer T)[]
      ? T
      : D extends OneOf<infer T>
        ? T
        : D extends Integers | Range
          ? number
          : never)
  | (D extends { readonly when: Condition } ? undefined : never)

/** A point of a space, with the type of each parameter: what a function that builds a model receives. */
export type PointOf<P> = { readonly [K in keyof P]: ValueOf<P[K]> }

/** A search space as a plain value: parameters in their order, and what must hold between them. */
export interface Space {
  readonly name: string
  readonly parameters: Readonly<Record<string, Domain>>
  readonly constraints: readonly Constraint[]
}

/** A space whose points are typed. */
export interface TypedSpace<P> extends Space {
  /** Not a value: carries the type of the points. */
  readonly point?: PointOf<P>
}

/** The type of a space's points: `PointIn<typeof space>`. */
export type PointIn<S> = S extends TypedSpace<infer P> ? PointOf<P> : Point

/** A list becomes one of its values; the rest is a domain already. */
export const domainOf = (given: DomainInput): Domain =>
  Array.isArray(given) ? { kind: 'oneOf', values: given as readonly Scalar[] } : (given as Domain)

/**
 * A space from a dictionary of values:
 * `defineSpace({ name: 'mine', parameters: { batch: [16, 32], rate: logRange(1e-4, 1e-1) } })`.
 */
export function defineSpace<const P extends Readonly<Record<string, DomainInput>>>(given: {
  readonly name: string
  readonly parameters: P
  readonly constraints?: readonly Constraint<PointOf<P>>[]
}): TypedSpace<P> {
  const parameters = Object.fromEntries(
    Object.entries(given.parameters).map(([name, domain]) => [name, domainOf(domain)]),
  )
  return { name: given.name, parameters, constraints: (given.constraints ?? []) as readonly Constraint[] }
}
