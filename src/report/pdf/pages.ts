import type { Canvas } from './canvas.ts'

/** Something that is set in one piece: a line, a heading, a figure with its caption. */
export interface Item {
  readonly height: number
  /** Space above it, where it does not begin a column. */
  readonly before: number
  /** Whether the next item must stand in the same column. */
  readonly keeps: boolean
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

/** How many of the items fill one column of a height: none is parted from what it must stay with. */
function fill(items: readonly Item[], height: number): number {
  let used = 0
  let count = 0
  while (count < items.length) {
    const { before, height: own } = items[count]
    const next = used + (count === 0 ? 0 : before) + own
    if (next > height + 0.01) break
    used = next
    count += 1
  }
  if (count === items.length) return count
  let kept = count
  while (kept > 0 && items[kept - 1].keeps) kept -= 1
  return kept > 0 ? kept : count // a chain longer than a column is parted all the same
}

/** The least height at which two columns hold all items; undefined where the given one is too little. */
function balance(items: readonly Item[], most: number): number | undefined {
  const fits = (height: number) => {
    const first = fill(items, height)
    return fill(items.slice(first), height) === items.length - first
  }
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
      if (i > 0) y += item.before
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
  const band = (items: readonly Item[], height: number) => {
    const first = fill(items, height)
    const count = fill(items.slice(first), height)
    column(items.slice(0, first), margin.side)
    column(items.slice(first, first + count), second)
    return first + count
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
      const count = bottom - top < LEAST_BAND && top > margin.top ? 0 : band(rest, bottom - top)
      rest = rest.slice(count)
      turn()
      waiting.splice(0).forEach(wide)
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
    open = open.slice(band(open, bottom - top))
    turn()
    waiting.splice(0).forEach(wide)
  }
  settle(open)
  waiting.forEach(wide)
  return placed
}

/** How many pages there are. */
export const pageCount = (placed: readonly Placed[]) => Math.max(0, ...placed.map(({ page }) => page)) + 1
