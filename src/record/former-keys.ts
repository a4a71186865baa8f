/** Keys of study records that were spelled otherwise before. */
const former: Readonly<Record<string, string>> = {
  initialisation: 'initialization',
  initialiser: 'initializer',
  neighbours: 'neighbors',
  optimiser: 'optimizer',
}

/** A stored value with every key as it is spelled today, however deep it lies. */
export function withTodaysKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTodaysKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [former[name] ?? name, withTodaysKeys(held)]),
  )
}
