import type { Phrase } from '../document.ts'
import type { Fonts, Style } from './fonts.ts'

/** What can be set in one piece: between two boxes a line may break. */
export interface Box {
  readonly text: string
  readonly style: Style
  readonly width: number
  /** Whether a space stands before it, where it does not begin a line. */
  readonly isSpaced: boolean
  /** Whether it must stay with the one before: a reference and its full stop. */
  readonly isGlued: boolean
}

/** The boxes of a line and the width of the spaces between them. */
export interface Line {
  readonly boxes: readonly Box[]
  readonly space: number
  readonly width: number
}

export interface Setting {
  readonly fonts: Fonts
  readonly size: number
  readonly width: number
  /** Whether lines are stretched to the measure. */
  readonly isJustified: boolean
}

/** Running text as pieces with one style each; references become the names that they stand for. */
export function styled(phrase: Phrase, names: ReadonlyMap<string, string>): { text: string; style: Style }[] {
  return phrase.flatMap((piece) => {
    if (typeof piece === 'string') return [{ text: piece, style: 'regular' }]
    if (piece.type === 'reference') return [{ text: names.get(piece.to) ?? piece.to, style: 'regular' }]
    if (piece.type === 'aside') return styled([' (', ...piece.phrase, ')'], names)
    return [{ text: piece.text, style: piece.type === 'strong' ? 'bold' : 'italic' }]
  })
}

/** Cuts pieces into boxes: at spaces, and after hyphens and slashes. A box wider than the measure is cut anywhere. */
export function boxesOf(
  pieces: readonly { readonly text: string; readonly style: Style }[],
  setting: Setting,
): Box[] {
  const { fonts, size } = setting
  const boxes: Box[] = []
  let isSpaced = false
  for (const { text, style } of pieces) {
    let isFirst = true
    for (const part of text.split(/([ \n]+)/)) {
      if (part === '') continue
      if (part.trim() === '' && !part.includes('\u00a0')) {
        isSpaced = true
        continue
      }
      for (const piece of breakable(part).flatMap((one) => cut(one, style, setting))) {
        const isGlued = isFirst && !isSpaced && boxes.length > 0
        boxes.push({ text: piece, style, width: fonts.width(piece, style, size), isSpaced, isGlued })
        isSpaced = false
        isFirst = false
      }
    }
  }
  return boxes
}

/** `multi-layer` and `16/32` may be parted after the sign; what is long, as settings are, after others too. */
export const breakable = (word: string) =>
  word.split(
    [...word].length > 14 ? /(?<=[\p{L}\d][-/:,=])(?=[\p{L}\d])/u : /(?<=[\p{L}\d]{2}[-/])(?=[\p{L}\d]{2})/u,
  )

function cut(text: string, style: Style, { fonts, size, width }: Setting): string[] {
  if (fonts.width(text, style, size) <= width) return [text]
  const pieces: string[] = []
  let piece = ''
  for (const character of text) {
    if (piece !== '' && fonts.width(piece + character, style, size) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}

/**
 * Breaks boxes into lines so that the spaces of all lines together are as even as can be (after Knuth and Plass, 1981,
 * without hyphenation).
 */
export function breakLines(boxes: readonly Box[], setting: Setting): Line[] {
  const normal = setting.fonts.width(' ', 'regular', setting.size)
  const best: { cost: number; from: number; line: Line }[] = [{ cost: 0, from: 0, line: emptyLine }]
  for (let end = 1; end <= boxes.length; end++) {
    const isLast = end === boxes.length
    let chosen: (typeof best)[number] = { cost: Number.POSITIVE_INFINITY, from: end - 1, line: emptyLine }
    if (isLast || !boxes[end].isGlued) {
      for (let start = end - 1; start >= 0; start--) {
        if ((start > 0 && boxes[start].isGlued) || !Number.isFinite(best[start].cost)) continue
        const line = setLine(boxes.slice(start, end), normal, setting, isLast)
        if (line === undefined && start < end - 1) break
        const cost = best[start].cost + (line === undefined ? 1e6 : costOf(line, normal, setting, isLast))
        if (cost < chosen.cost) {
          chosen = {
            cost,
            from: start,
            line: line ?? { boxes: boxes.slice(start, end), space: normal, width: setting.width },
          }
        }
      }
    }
    best.push(chosen)
  }
  const lines: Line[] = []
  for (let end = boxes.length; end > 0; end = best[end].from) lines.unshift(best[end].line)
  return lines
}

const emptyLine: Line = { boxes: [], space: 0, width: 0 }
/** How far spaces may shrink, and how far they are stretched before a line is left short. */
const [LEAST, MOST] = [0.72, 3.8]

function setLine(boxes: readonly Box[], normal: number, setting: Setting, isLast: boolean): Line | undefined {
  const text = boxes.reduce((sum, one) => sum + one.width, 0)
  const spaces = boxes.slice(1).filter(({ isSpaced }) => isSpaced).length
  const natural = text + spaces * normal
  if (text + spaces * normal * LEAST > setting.width + 0.01) return undefined
  const wanted = spaces === 0 ? normal : (setting.width - text) / spaces
  const isStretched = setting.isJustified && wanted <= MOST * normal && (!isLast || wanted < normal)
  const space = isStretched || natural > setting.width ? wanted : normal
  return { boxes, space, width: text + spaces * space }
}

function costOf(line: Line, normal: number, setting: Setting, isLast: boolean): number {
  if (isLast) return line.boxes.length === 1 ? 40 : 0
  const slack = (setting.width - line.width) / setting.width
  const stretch = line.space / normal - 1
  const isShort = setting.isJustified && slack > 0.001
  return 1 + (isShort ? 2000 : 0) + 400 * slack * slack + 10 * Math.abs(stretch) ** 3
}

/** Prose set to a measure. */
export function setProse(phrase: Phrase, names: ReadonlyMap<string, string>, setting: Setting): Line[] {
  return breakLines(boxesOf(styled(phrase, names), setting), setting)
}
