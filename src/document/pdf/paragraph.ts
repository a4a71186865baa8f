import type { Phrase } from '../document.ts'
import type { Canvas, Paint } from './canvas.ts'
import type { Fonts } from './fonts.ts'
import { type Line, setProse } from './lines.ts'
import { ink } from './look.ts'
import type { Item } from './pages.ts'

/** How far below the top of its line a letter stands, in sizes. */
export const BASELINE = 0.92

/** Draws a line's boxes; those of one style that touch are drawn as one, with the spaces between. */
export function drawLine(
  canvas: Canvas,
  { boxes, space }: Line,
  x: number,
  y: number,
  { size, fill }: { readonly size: number; readonly fill: Paint },
): void {
  let left = x
  boxes.forEach(({ text, style, width, isSpaced }, i) => {
    if (i > 0 && isSpaced) left += space
    canvas.text(text, left, y, { style, size, fill })
    left += width
  })
}

export interface ParagraphLook {
  readonly fonts: Fonts
  readonly names: ReadonlyMap<string, string>
  readonly size: number
  readonly leading: number
  readonly width: number
  readonly before: number
  readonly fill?: Paint
  readonly isJustified?: boolean
  /** How far the text stands from the left, with a bar before it. */
  readonly indent?: number
}

/** A paragraph as lines that may be parted, but for the first two and the last two. */
export function paragraphItems(phrase: Phrase, look: ParagraphLook): Item[] {
  const { fonts, names, size, leading, width, before, fill = ink, isJustified = true, indent = 0 } = look
  const lines = setProse(phrase, names, { fonts, size, width: width - indent, isJustified })
  return lines.map((line, i): Item => {
    const isFirstOfMany = i === 0 && lines.length > 1
    const isLastButOne = i === lines.length - 2
    return {
      height: leading,
      before: i === 0 ? before : 0,
      keeps: isFirstOfMany || isLastButOne,
      draw: (canvas, x, y) => drawLine(canvas, line, x + indent, y + size * BASELINE, { size, fill }),
    }
  })
}

/** The same in one piece. */
export function solid(items: readonly Item[], before: number): Item {
  const height = items.reduce((sum, item, i) => sum + item.height + (i === 0 ? 0 : item.before), 0)
  return {
    height,
    before,
    keeps: false,
    draw(canvas, x, y, page) {
      let top = y
      items.forEach((item, i) => {
        if (i > 0) top += item.before
        item.draw(canvas, x, top, page)
        top += item.height
      })
    },
  }
}
