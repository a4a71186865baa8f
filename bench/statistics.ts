/** What is kept of several measurements of the same thing. */
export interface Spread {
  readonly median: number
  /** The quartiles: half of the measurements lie between them. */
  readonly low: number
  readonly high: number
  readonly least: number
}

/** The value below which a share of the sorted numbers lies, between neighbors in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const [before, after] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return before + (after - before) * (place - Math.floor(place))
}

export function spread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share))
  return { median, low, high, least: sorted[0] }
}
