import { UMAP } from 'umap-js'
import { type Key, words } from '../../base/random.ts'

/** Every point's nearest ones, itself first: both of shape [count, neighbors]. */
interface Neighbors {
  readonly indices: number[][]
  readonly distances: number[][]
}

export interface UmapOptions {
  /** As many points as count as near: few show small groups, many the whole. */
  readonly neighbors?: number
  /** How near to each other points may be drawn. */
  readonly minimalDistance?: number
  readonly epochs?: number
}

/** The nearest points of each one, from the scalar products of all with all. */
function nearest(products: Float64Array, count: number, most: number): Neighbors {
  const distances: number[][] = []
  const indices = Array.from({ length: count }, (_, i) => {
    const square = (j: number) =>
      products[i * count + i] + products[j * count + j] - 2 * products[i * count + j]
    const squares = Float64Array.from({ length: count }, (__, j) => (j === i ? -1 : square(j)))
    const near = Array.from(squares.keys())
      .sort((a, b) => squares[a] - squares[b] || a - b)
      .slice(0, most)
    distances.push(near.map((j) => Math.sqrt(Math.max(squares[j], 0))))
    return near
  })
  return { indices, distances }
}

const DRAWN_AT_ONCE = 4096

/** Numbers in [0, 1) one after another, from a key alone. */
function stream(from: Key): () => number {
  let [block, at] = [0, DRAWN_AT_ONCE]
  const drawn = new Uint32Array(DRAWN_AT_ONCE)
  return () => {
    if (at === DRAWN_AT_ONCE) {
      words(from.child(block), drawn)
      block += 1
      at = 0
    }
    at += 1
    return drawn[at - 1] / 2 ** 32
  }
}

/**
 * A map in two dimensions on which points that are near in the space of their scalar products are near: UMAP (McInnes, Healy
 * and Melville 2018) by umap-js, with exact neighbors and with all that is drawn at random from a key. Shape [count, 2].
 */
export function umap(
  products: Float64Array,
  count: number,
  from: Key,
  options: UmapOptions = {},
): Float64Array {
  const { neighbors = 15, minimalDistance = 0.1, epochs = 200 } = options
  const most = Math.min(neighbors, count - 1)
  const found = nearest(products, count, most)
  const map = new UMAP({
    nNeighbors: most,
    minDist: minimalDistance,
    nEpochs: epochs,
    random: stream(from),
  })
  map.setPrecomputedKNN(found.indices, found.distances)
  const places = map.fit(Array.from({ length: count }, (_, i) => [i])) // the neighbors say all; only their number is read
  return Float64Array.from(places.flat())
}
