import { type Engine, REGISTERS } from '../../engine/backend.ts'
import { type Instruction, instruction, type Place, type Plan } from '../../engine/program.ts'
import type { Images } from '../images.ts'

/** Where and how products are computed; neither moves a result, for all of them are exact. */
export type Calculator = Engine

/**
 * Bytes less 128 lie in [−128, 127], so a sum of up to 1,024 products of two of them stays within 2²⁴, below which float32
 * holds every whole number: each backend computes it exactly, in whatever order it adds, fused or not.
 */
const CENTER = 128
const MOST_TERMS = 1024

/** Images on one side of a tile (rows, gathered by the engine) and on the other (columns, laid out by us). */
const ROWS = 512
const COLUMNS = 96

/** Images in an order, with what is known of each before any two are compared. */
export interface Arranged {
  readonly images: Images
  /** Image numbers, by ascending norm of their bytes. */
  readonly order: Int32Array
  /** √Σ byte², in the order above: two norms are no further apart than their images. */
  readonly norms: Float64Array
  /** Σ (byte − 128)², in the order above. */
  readonly squares: Float64Array
}

/** Arranges images so that those which may be near each other lie near each other. */
export function arrange(images: Images): Arranged {
  const raw = squaresOf(images, 0)
  const order = Int32Array.from(raw.keys()).sort((a, b) => raw[a] - raw[b] || a - b)
  const squares = squaresOf(images, CENTER)
  return {
    images,
    order,
    norms: Float64Array.from(order, (i) => Math.sqrt(raw[i])),
    squares: Float64Array.from(order, (i) => squares[i]),
  }
}

/** Values that a sketch keeps of an image. */
const SKETCHED = 96

/**
 * The same images with a hundred of their values each, spread evenly. What differs there differs by as much or more in
 * the whole images, so a sketch rules out nearly all pairs at a fraction of the cost.
 */
export function sketch({ images, order, norms }: Arranged): Arranged {
  const size = sizeOf(images)
  const kept = Math.min(SKETCHED, size)
  const places = Array.from({ length: kept }, (_, k) => Math.floor(((k + 0.5) * size) / kept))
  const pixels = new Uint8Array(images.count * kept)
  for (let i = 0; i < images.count; i++) {
    for (let k = 0; k < kept; k++) pixels[i * kept + k] = images.pixels[i * size + places[k]]
  }
  const sketched = { count: images.count, height: 1, width: kept, channels: 1, pixels }
  const squares = squaresOf(sketched, CENTER)
  return { images: sketched, order, norms, squares: Float64Array.from(order, (i) => squares[i]) }
}

/** Σ (byte − center)² of every image. */
function squaresOf(images: Images, center: number): Float64Array {
  const { count, pixels } = images
  const size = sizeOf(images)
  const squares = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let p = i * size; p < (i + 1) * size; p++) sum += (pixels[p] - center) ** 2
    squares[i] = sum
  }
  return squares
}

/** Values of one image. */
export const sizeOf = ({ height, width, channels }: Images) => height * width * channels

/** Ranks [from, to) in the order of an arrangement. */
export interface Ranks {
  readonly from: number
  readonly to: number
}

/** A tile of scalar products Σ (a − 128)(b − 128): shape [rows, columns], the numbers `stride` apart from row to row. */
export interface Tile {
  readonly rows: Ranks
  readonly columns: Ranks
  readonly products: ArrayLike<number>
  readonly offset: number
  readonly stride: number
}

/** Cuts images into pieces of at most 1,024 values, the last one filled up with values that count as 0. */
function cut(images: Images): {
  readonly bytes: Uint8Array
  readonly pieces: number
  readonly length: number
} {
  const size = sizeOf(images)
  const pieces = Math.ceil(size / MOST_TERMS)
  const length = Math.ceil(size / pieces)
  if (pieces * length === size) return { bytes: images.pixels, pieces, length }
  const bytes = new Uint8Array(images.count * pieces * length).fill(CENTER)
  for (let i = 0; i < images.count; i++) {
    bytes.set(images.pixels.subarray(i * size, (i + 1) * size), i * pieces * length)
  }
  return { bytes, pieces, length }
}

/** One program a piece: gather the rows' images, multiply by the columns' ones. */
function planOf(pieces: number, length: number) {
  let words = 0
  const place = (size: number, batched: boolean): Place => {
    const offset = words
    words += size * (batched ? ROWS : 1)
    return { offset, length: size, batched }
  }
  const [x, labels, y] = [place(length, true), place(1, true), place(COLUMNS, true)]
  const b = place(COLUMNS, false)
  const columns = Array.from({ length: pieces }, () => place(length * COLUMNS, false))
  const programs = columns.map((w): [string, Instruction[]] => [
    String(columns.indexOf(w)),
    [
      instruction('gather', { x, labels }, { pixels: length, scale: 1, shift: -CENTER }),
      instruction('dense', { x, w, b, y }, { inputs: length, outputs: COLUMNS, relu: 0 }),
    ],
  ])
  const plan: Plan = { words, batch: ROWS, programs: Object.fromEntries(programs) }
  return { plan, y, columns }
}

/**
 * Multiplies images with images, tile by tile, on the engine. `isWanted` says beforehand which tiles are worth it; `visit`
 * reads a tile before the next one overwrites it. Yields between tiles the pairs of images that are done, of rows × columns.
 */
export function* multiply(
  rows: Arranged,
  columns: Arranged,
  { backend, arithmetic, threads }: Calculator,
  { isWanted, visit }: { isWanted(rows: Ranks, columns: Ranks): boolean; visit(tile: Tile): void },
): Generator<number, void, undefined> {
  const { bytes, pieces, length } = cut(rows.images)
  const across = cut(columns.images).bytes
  const { plan, y, columns: places } = planOf(pieces, length)
  const session = backend.open(plan, { arithmetic, threads })
  const count = rows.order.length
  const order = new Int32Array(count * pieces)
  for (let i = 0; i < order.length; i++) order[i] = rows.order[i % count] * pieces + Math.floor(i / count)
  const sums = new Float64Array(pieces > 1 ? ROWS * COLUMNS : 0)

  const layOut = ({ from, to }: Ranks) => {
    const { floats } = session
    for (const [piece, { offset }] of places.entries()) {
      for (let c = from; c < to; c++) {
        const start = (columns.order[c] * pieces + piece) * length
        for (let k = 0; k < length; k++) {
          floats[offset + k * COLUMNS + c - from] = across[start + k] - CENTER
        }
      }
    }
  }
  const products = ({ from, to }: Ranks): Pick<Tile, 'products' | 'offset'> => {
    session.registers[REGISTERS.count] = to - from
    sums.fill(0)
    for (let piece = 0; piece < pieces; piece++) {
      session.registers[REGISTERS.position] = piece * count + from
      session.run(String(piece))
      const { floats } = session
      for (let i = 0; i < sums.length; i++) sums[i] += floats[y.offset + i]
    }
    return pieces > 1 ? { products: sums, offset: 0 } : { products: session.floats, offset: y.offset }
  }
  try {
    session.bind({ images: bytes, labels: new Uint8Array(rows.images.count * pieces), order })
    let done = 0
    for (const across of ranks(columns, COLUMNS)) {
      let isLaidOut = false
      for (const down of ranks(rows, ROWS)) {
        if (isWanted(down, across)) {
          if (!isLaidOut) layOut(across)
          isLaidOut = true
          visit({ rows: down, columns: across, stride: COLUMNS, ...products(down) })
        }
        done += (down.to - down.from) * (across.to - across.from)
        yield done
      }
    }
  } finally {
    session.close()
  }
}

function ranks({ order }: Arranged, size: number): Ranks[] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => ({
    from: i * size,
    to: Math.min((i + 1) * size, order.length),
  }))
}

/** How far apart the norms of two tiles' sides are, at least: no pair of them is nearer. */
export function gap(a: Arranged, rows: Ranks, b: Arranged, columns: Ranks): number {
  const below = b.norms[columns.from] - a.norms[rows.to - 1]
  const above = a.norms[rows.from] - b.norms[columns.to - 1]
  return Math.max(below, above, 0)
}
