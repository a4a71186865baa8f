import { luma } from '../pictures/picture.ts'
import type { SmallPicture } from '../recognition/small-picture.ts'

/** From dark to light. */
const INK = ' .:-=+*#%@'

/** A pixel's color as a terminal writes it. */
function color({ width, height, channels, pixels }: SmallPicture, x: number, y: number): string {
  if (y >= height) return '0;0;0'
  const at = (y * width + x) * channels
  return [0, 1, 2].map((c) => pixels[at + (channels === 1 ? 0 : c)]).join(';')
}

/** Lines of half blocks in 24-bit colors: two pixels of a column each. */
export function coloredLines(picture: SmallPicture): string[] {
  return lines(
    picture,
    (x, y) => `\x1b[38;2;${color(picture, x, y)}m\x1b[48;2;${color(picture, x, y + 1)}m▀`,
  ).map((line) => `${line}\x1b[0m`)
}

/** Lines of characters, the fuller the lighter: two pixels of a column each. */
export function plainLines(picture: SmallPicture): string[] {
  const { width, height, channels, pixels } = picture
  const light = (x: number, y: number) => {
    const at = (Math.min(y, height - 1) * width + x) * channels
    return channels === 1 ? pixels[at] : luma([pixels[at], pixels[at + 1], pixels[at + 2]])
  }
  return lines(
    picture,
    (x, y) => INK[Math.round(((light(x, y) + light(x, y + 1)) / 2 / 255) * (INK.length - 1))],
  )
}

const lines = ({ width, height }: SmallPicture, cell: (x: number, y: number) => string) =>
  Array.from({ length: Math.ceil(height / 2) }, (_, row) =>
    Array.from({ length: width }, (_, x) => cell(x, 2 * row)).join(''),
  )

/** Pictures beside each other under their titles. */
export function sideBySide(
  panels: readonly (SmallPicture & { readonly title: string })[],
  colored: boolean,
): string {
  const drawn = panels.map((panel) => (colored ? coloredLines(panel) : plainLines(panel)))
  const rows = Math.max(...drawn.map(({ length }) => length))
  const head = panels.map(({ title, width }) => title.slice(0, width).padEnd(width)).join('  ')
  const body = Array.from({ length: rows }, (_, row) =>
    panels.map(({ width }, i) => drawn[i][row] ?? ' '.repeat(width)).join('  '),
  )
  return [head, ...body].map((line) => `  ${line}`.trimEnd()).join('\n')
}
