import type { Images } from '../data/dataset.ts'

/** Many small images in one: bytes of shape [rows × height, columns × width, channels]. */
export interface Sprite {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
  readonly columns: number
  /** The size of one image in it. */
  readonly tile: { readonly width: number; readonly height: number }
}

/** Lays images out row by row, as near to a square as their number allows. */
export function packSprite(
  images: Images,
  columns = Math.max(1, Math.ceil(Math.sqrt(images.count))),
): Sprite {
  const { count, height, width, channels, pixels } = images
  const rows = Math.max(1, Math.ceil(count / columns))
  const packed = new Uint8Array(rows * height * columns * width * channels)
  const line = width * channels
  for (let i = 0; i < count; i++) {
    const corner = (Math.floor(i / columns) * height * columns + (i % columns)) * line
    for (let y = 0; y < height; y++) {
      packed.set(
        pixels.subarray((i * height + y) * line, (i * height + y + 1) * line),
        corner + y * columns * line,
      )
    }
  }
  const size = { width: columns * width, height: rows * height }
  return { ...size, channels, pixels: packed, columns, tile: { width, height } }
}

/** The corner of the i-th image in its sprite. */
export function tileCorner(sprite: Pick<Sprite, 'columns' | 'tile'>, i: number): { x: number; y: number } {
  return {
    x: (i % sprite.columns) * sprite.tile.width,
    y: Math.floor(i / sprite.columns) * sprite.tile.height,
  }
}
