import { type Arranged, type Calculator, gap, multiply, type Ranks, sizeOf, sketch } from './products.ts'

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
export function compare(
  rows: Arranged,
  columns: Arranged,
  calculator: Calculator,
  wishes: Wishes,
): Generator<number, void, undefined> {
  const { nearest } = wishes
  return nearest === undefined
    ? compareSketches(rows, columns, calculator, wishes)
    : compareWhole(rows, columns, calculator, { ...wishes, nearest })
}

/** Sketches propose, the whole images decide. */
function compareSketches(
  rows: Arranged,
  columns: Arranged,
  calculator: Calculator,
  { reach, found }: Wishes,
): Generator<number, void, undefined> {
  const isWithin = rows === columns
  const [down, across] = isWithin ? Array<Arranged>(2).fill(sketch(rows)) : [sketch(rows), sketch(columns)]
  const distance = distanceBetween(rows, columns)
  return multiply(down, across, calculator, {
    isWanted: (r, c) => !(isWithin && c.to <= r.from) && gap(down, r, across, c) <= Math.sqrt(reach) + SLACK,
    visit({ rows: { from: first, to: end }, columns: { from, to }, products, offset, stride }) {
      for (let r = first; r < end; r++) {
        const start = offset + (r - first) * stride - from
        const most = reach - down.squares[r]
        for (let c = isWithin ? Math.max(from, r + 1) : from; c < to; c++) {
          if (across.squares[c] - 2 * products[start + c] > most) continue
          const squared = distance(rows.order[r], columns.order[c])
          if (squared <= reach) found(rows.order[r], columns.order[c], squared)
        }
      }
    },
  })
}

/** Σ (a − b)² of the bytes of two images, by their numbers. */
function distanceBetween({ images: left }: Arranged, { images: right }: Arranged) {
  const size = sizeOf(left)
  return (a: number, b: number): number => {
    let sum = 0
    for (let p = a * size, q = b * size; p < (a + 1) * size; p++, q++) {
      const difference = left.pixels[p] - right.pixels[q]
      sum += difference * difference
    }
    return sum
  }
}

/** Looks at whole images, for the nearest of each may be far. */
function compareWhole(
  rows: Arranged,
  columns: Arranged,
  calculator: Calculator,
  { reach, found, nearest }: Wishes & { readonly nearest: Nearest },
): Generator<number, void, undefined> {
  /** The farthest that a pair with an image of these rows may be and still be of interest. */
  const bound = ({ from, to }: Ranks) => {
    let most = reach
    for (let r = from; r < to; r++) most = Math.max(most, nearest.squared[rows.order[r]])
    return Math.sqrt(most) + SLACK
  }
  return multiply(rows, columns, calculator, {
    isWanted: (down, across) => gap(rows, down, columns, across) <= bound(down),
    visit({ rows: { from: first, to: end }, columns: { from, to }, products, offset, stride }) {
      for (let r = first; r < end; r++) {
        const row = rows.order[r]
        const start = offset + (r - first) * stride - from
        let best = nearest.squared[row]
        for (let c = from; c < to; c++) {
          const squared = rows.squares[r] + columns.squares[c] - 2 * products[start + c]
          if (squared <= reach) found(row, columns.order[c], squared)
          if (squared > best) continue
          const column = columns.order[c]
          if (squared === best && column > nearest.image[row]) continue
          best = squared
          nearest.squared[row] = squared
          nearest.image[row] = column
        }
      }
    },
  })
}
