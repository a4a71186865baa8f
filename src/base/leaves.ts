/** A value of nested plain data that is not nested itself. */
export type Leaf = string | number | boolean

/** Every leaf of nested plain data by its path, `optimizer.learningRate`; a list is one leaf, what is missing is none. */
export function leaves(value: unknown, path = ''): [path: string, value: Leaf][] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return [[path, value.join(', ')]]
  if (typeof value !== 'object') return [[path, value as Leaf]]
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  )
}

/** A name whose values differ, with the value in each of several maps; undefined where one has none. */
export interface Difference<V> {
  readonly name: string
  readonly values: readonly (V | undefined)[]
}

/** The names whose values are not the same in all maps, in the order in which they are first met. */
export const differencesAmong = <V>(all: readonly ReadonlyMap<string, V>[]): Difference<V>[] =>
  [...new Set(all.flatMap((map) => [...map.keys()]))]
    .map((name) => ({ name, values: all.map((map) => map.get(name)) }))
    .filter(({ values }) => new Set(values).size > 1)
