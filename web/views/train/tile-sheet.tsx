import type { Theme } from '../../../src/visualization/theme.ts'
import { currentTheme } from '../../base/colors.ts'
import { Picture, type Pixels } from '../../parts/picture.tsx'
import type { Tiles } from '../../training/protocol.ts'

type Color = readonly [number, number, number]

const parsed = (hex: string): Color => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as never

/** Paper at 0, the ramp of what is right up to 1, that of what is wrong down to −1. */
function coloring(theme: Theme): (value: number) => Color {
  const ramps = [theme.hit, theme.miss].map((ramp) => [theme.paper, ...ramp.slice(1)].map(parsed))
  return (value) => {
    const ramp = ramps[value < 0 ? 1 : 0]
    const at = Math.min(1, Math.abs(value)) * (ramp.length - 1)
    const low = Math.min(ramp.length - 2, Math.floor(at))
    return ramp[low].map((from, k) => from + (at - low) * (ramp[low + 1][k] - from)) as never
  }
}

/** Widest sheet in pixels of the screen: it fits a phone, and two fit side by side elsewhere. */
const WIDEST = 344
/** About how wide a picture should be, and a single value. */
const TILE = 36
const VALUE = 12

/** How tiles are laid out: whole pixels of the screen a value, and a value's width between two pictures. */
function layout({ count, height, width }: Tiles) {
  const isValue = height * width === 1
  const gap = isValue ? 0 : 1
  const tile = isValue ? VALUE : TILE
  const scale = Math.max(1, Math.round(Math.min(tile / Math.max(width, height), WIDEST / width)))
  const pitch = { x: width + gap, y: height + gap }
  const columns = Math.max(1, Math.min(count, Math.floor((WIDEST / scale + gap) / pitch.x)))
  const rows = Math.ceil(count / columns)
  return { scale, columns, pitch, sheet: { width: columns * pitch.x - gap, height: rows * pitch.y - gap } }
}

function paint(tiles: Tiles, theme: Theme): Pixels {
  const { columns, pitch, sheet } = layout(tiles)
  const color = coloring(theme)
  const rgba = new Uint8ClampedArray(4 * sheet.width * sheet.height)
  const size = tiles.width * tiles.height
  for (let i = 0; i < tiles.count * size; i++) {
    const [tile, p] = [Math.floor(i / size), i % size]
    const x = (tile % columns) * pitch.x + (p % tiles.width)
    const y = Math.floor(tile / columns) * pitch.y + Math.floor(p / tiles.width)
    rgba.set([...color(tiles.values[i]), 255], 4 * (y * sheet.width + x))
  }
  return { ...sheet, rgba }
}

/** A layer's pictures on one sheet: blue where a value is positive, orange where it is negative. */
export function TileSheet({ tiles, label }: { readonly tiles: Tiles; readonly label: string }) {
  return (
    <Picture pixels={paint(tiles, currentTheme())} scale={layout(tiles).scale} label={label} class="sheet" />
  )
}
