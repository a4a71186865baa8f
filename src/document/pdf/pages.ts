import type { Canvas } from './canvas.ts'

/** Something that is set in one piece: a line, a heading, a figure with its caption. */
export interface Item {
  readonly height: number
  /** Space above it, where it does not begin a column. */
  readonly before: number
  /** Whether the next item must stand in the same column. */
  readonly keeps: boolean
  /** Whether what follows may stand before it, where it is too high for the rest of a column. */
  readonly floats?: boolean
  readonly draw: (canvas: Canvas, x: number, y: number, page: number) => void
}

/** What a document is made of: items of a column, and some that reach over both. */
export type Flow = { readonly type: 'column' | 'wide'; readonly item: Item }

export interface Geometry {
  readonly width: number
  readonly height: number
  readonly margin: { readonly top: number; readonly bottom: number; readonly side: number }
  readonly gutter: number
}

export const columnWidth = ({ width, margin, gutter }: Geometry) => (width - 2 * margin.side - gutter) / 2
export const fullWidth = ({ width, margin }: Geometry) => width - 2 * margin.side

/** An item and its place. */
export interface Placed {
  readonly item: Item
  readonly page: number
  readonly x: number
  readonly y: number
}

/** What goes on behind a figure that has begun a column keeps this distance. */
const AFTER_FLOAT = 9

/** The space between an item and the one above it in a column. */
function gap(above: Item | undefined, item: Item): number {
  if (above === undefined) return 0
  return above.floats === true ? Math.max(item.before, AFTER_FLOAT) : item.before
}

/** What of some items stands in a column, and what is left for the next, in order. */
interface Filled {
  readonly column: readonly Item[]
  readonly rest: readonly Item[]
}

/**
 * Fills one column of a height: nothing is parted from what it must stay with, and what floats and does not fit begins
 * the next column instead, with all that floats behind it.
 */
function fill(items: readonly Item[], height: number): Filled {
  const column: Item[] = []
  let used = 0
  let hasDeferred = false
  for (const item of items) {
    const bottom = used + gap(column.at(-1), item) + item.height
    const isTooHigh = bottom > height + 0.01
    if (item.floats === true && (isTooHigh || hasDeferred)) {
      hasDeferred = true
      continue
    }
    if (isTooHigh) break
    used = bottom
    column.push(item)
  }
  if (column.length === items.length) return { column, rest: [] }
  let kept = column.length
  while (kept > 0 && column[kept - 1].keeps) kept -= 1
  if (kept > 0) column.length = kept // a chain longer than a column is parted all the same
  const standing = new Set(column)
  return { column, rest: items.filter((item) => !standing.has(item)) }
}

/** The least height at which two columns hold all items; undefined where the given one is too little. */
function balance(items: readonly Item[], most: number): number | undefined {
  const fits = (height: number) => fill(fill(items, height).rest, height).rest.length === 0
  if (!fits(most)) return undefined
  let [low, high] = [0, most]
  while (high - low > 0.5) {
    const middle = (low + high) / 2
    if (fits(middle)) high = middle
    else low = middle
  }
  return high
}

/** A band of columns lower than this is not begun. */
const LEAST_BAND = 60
/** Space between a band of columns and what reaches over both. */
const BAND = 14

/** Sets a flow onto pages: columns are filled one after another, and are of one height where something wide follows. */
export function paginate(flow: readonly Flow[], geometry: Geometry): Placed[] {
  const { margin } = geometry
  const bottom = geometry.height - margin.bottom
  const second = margin.side + columnWidth(geometry) + geometry.gutter
  const placed: Placed[] = []
  let [page, top] = [0, margin.top]
  let waiting: Item[] = []
  const column = (items: readonly Item[], x: number) => {
    let y = top
    items.forEach((item, i) => {
      y += gap(items[i - 1], item)
      placed.push({ item, page, x, y })
      y += item.height
    })
  }
  const turn = () => {
    page += 1
    top = margin.top
  }
  const wide = (item: Item) => {
    if (top > margin.top && top + item.height > bottom) turn()
    placed.push({ item, page, x: margin.side, y: top })
    top += item.height + BAND
  }
  /** Sets what waits as far as this page has room for it; text fills the rest. */
  const flush = () => {
    while (waiting.length > 0 && (top === margin.top || top + waiting[0].height <= bottom))
      wide(waiting.shift()!)
  }
  /** Sets a band of two columns; returns what is left. */
  const band = (items: readonly Item[], height: number): readonly Item[] => {
    const left = fill(items, height)
    const right = fill(left.rest, height)
    column(left.column, margin.side)
    column(right.column, second)
    return right.rest
  }
  /** Sets columns until what is left fits the rest of this page, balanced; with nothing wide waiting, all of them. */
  const settle = (items: readonly Item[]) => {
    let rest = items
    while (rest.length > 0) {
      const height = balance(rest, bottom - top)
      if (height !== undefined) {
        band(rest, height)
        top += height + BAND
        return
      }
      if (bottom - top >= LEAST_BAND || top === margin.top) rest = band(rest, bottom - top)
      turn()
      flush()
    }
  }
  let open: Item[] = []
  for (const { type, item } of flow) {
    if (type === 'column') {
      open.push(item)
      continue
    }
    // What reaches over both columns stands here where there is room, else on top of the next page, and text goes on.
    const height = balance(open, bottom - top)
    if (waiting.length === 0 && height !== undefined && top + height + BAND + item.height <= bottom) {
      settle(open)
      wide(item)
      open = []
      continue
    }
    waiting = [...waiting, item]
    if (height !== undefined || bottom - top <= LEAST_BAND) continue
    open = [...band(open, bottom - top)]
    turn()
    flush()
  }
  settle(open)
  waiting.forEach(wide)
  return placed
}

/** How many pages there are. */
export const pageCount = (placed: readonly Placed[]) => Math.max(0, ...placed.map(({ page }) => page)) + 1
