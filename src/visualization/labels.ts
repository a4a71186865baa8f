/**
 * Moves positions apart until neighbors are at least `gap` from each other, within [low, high] as far as they fit,
 * keeping their order. For labels at the ends of lines.
 */
export function spread(
  positions: readonly number[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b] || a - b)
  const placed = [...positions]
  pushUp(order, placed, gap, low)
  pushDown(order, placed, gap, high)
  return placed
}

function pushUp(order: readonly number[], placed: number[], gap: number, low: number): void {
  let floor = low
  for (const i of order) {
    placed[i] = Math.max(placed[i], floor)
    floor = placed[i] + gap
  }
}

function pushDown(order: readonly number[], placed: number[], gap: number, high: number): void {
  let ceiling = high
  for (const i of [...order].reverse()) {
    placed[i] = Math.min(placed[i], ceiling)
    ceiling = placed[i] - gap
  }
}

/** Whole numbers from `first` to `last`, at most about `most` of them: every one, or multiples of 2, 5, 10, 20… */
export function wholeTicks(first: number, last: number, most = 8): number[] {
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => (last - first) / s < most) ?? 10000
  const ticks = [first]
  for (let t = Math.ceil((first + step * 0.6) / step) * step; t <= last; t += step) ticks.push(t)
  return ticks
}
