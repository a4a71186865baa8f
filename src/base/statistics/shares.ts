/** A share with the interval in which the true share lies. */
export interface Interval {
  readonly share: number
  readonly low: number
  readonly high: number
}

/** The 0.975 quantile of the normal distribution: 95 % lie within so many deviations. */
export const Z95 = 1.959963984540054

/**
 * The 95 % score interval of a share seen in `count` trials.
 * Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilson(share: number, count: number, z = Z95): Interval {
  if (count === 0) return { share, low: 0, high: 1 }
  const z2 = z * z
  const center = (share + z2 / (2 * count)) / (1 + z2 / count)
  const reach = (z * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count))) / (1 + z2 / count)
  return { share, low: Math.min(share, center - reach), high: Math.max(share, center + reach) }
}

/** Half the width of the interval: what stands after ±. */
export const halfWidth = ({ low, high }: Interval) => (high - low) / 2

/**
 * Whether two shares over `count` cases each differ by more than chance would often bring (95 %), taken as independent.
 * Networks tested on the same images err together: for them `mcnemar` is the sharper test, and this the cautious side.
 */
export function sharesDiffer(a: number, b: number, count: number): boolean {
  return Math.abs(a - b) > leastDifference(a, b, count)
}

/** The smallest difference of two such shares that chance does not explain. */
export function leastDifference(a: number, b: number, count: number): number {
  return Z95 * Math.sqrt((a * (1 - a) + b * (1 - b)) / count)
}
