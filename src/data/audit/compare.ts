import { type Arranged, type Calculator, gap, multiply, type Ranks, type Tile } from './products.ts'

/** The nearest image of the other side for each image, by number; of equally near ones the first. */
export interface Nearest {
  readonly image: Int32Array
  /** Σ (a − b)² to it. */
  readonly squared: Float64Array
}

/** What is looked for when images are compared with images. */
export interface Wishes {
  /** Pairs whose squared distance Σ (a − b)² is at most this are told to `found`. */
  readonly reach: number
  found(row: number, column: number, squared: number): void
  /** Filled in where it is given, which costs looking at (almost) every pair. */
  readonly nearest?: Nearest | undefined
}

export const noNearest = (count: number): Nearest => ({
  image: new Int32Array(count).fill(-1),
  squared: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
})

/** Rounding of two square roots and a difference, many times over. */
const SLACK = 1e-6

/**
 * Compares all images of one side with all of the other; within one set (both sides the same) each pair once. Distances
 * are exact: ‖a − b‖² = ‖a‖² + ‖b‖² − 2a·b in whole numbers. Tiles whose norms are too far apart are left out, which loses
 * nothing, as |‖a‖ − ‖b‖| ≤ ‖a − b‖. Yields how many pairs are done.
 */
export function* compare(
  rows: Arranged,
  columns: Arranged,
  calculator: Calculator,
  { reach, found, nearest }: Wishes,
): Generator<number, void, undefined> {
  const isWithin = rows === columns
  /** The farthest that a pair with an image of these rows may be and still be of interest. */
  const bound = ({ from, to }: Ranks) => {
    let most = reach
    if (nearest) for (let r = from; r < to; r++) most = Math.max(most, nearest.squared[rows.order[r]])
    return Math.sqrt(most) + SLACK
  }
  const isWanted = (down: Ranks, across: Ranks) =>
    !(isWithin && across.to <= down.from) && gap(rows, down, columns, across) <= bound(down)
  const visit = (tile: Tile) => {
    const { from, to } = tile.columns
    for (let r = tile.rows.from; r < tile.rows.to; r++) {
      const row = rows.order[r]
      const start = tile.offset + (r - tile.rows.from) * tile.stride - from
      const square = rows.squares[r]
      let best = nearest?.squared[row] ?? -1
      for (let c = isWithin ? Math.max(from, r + 1) : from; c < to; c++) {
        const squared = square + columns.squares[c] - 2 * tile.products[start + c]
        if (squared <= reach) found(row, columns.order[c], squared)
        if (nearest === undefined || squared > best) continue
        const column = columns.order[c]
        if (squared === best && column > nearest.image[row]) continue
        best = squared
        nearest.squared[row] = squared
        nearest.image[row] = column
      }
    }
  }
  yield* multiply(rows, columns, calculator, { isWanted, visit })
}
