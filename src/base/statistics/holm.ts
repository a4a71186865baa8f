/**
 * P-values corrected for their number: one below α may be called significant, and the chance of a single false claim
 * among all of them stays below α. In the order given.
 * Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j])
  const adjusted = new Array<number>(pValues.length)
  let highest = 0
  order.forEach((place, rank) => {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * pValues[place]))
    adjusted[place] = highest
  })
  return adjusted
}
