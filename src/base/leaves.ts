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
