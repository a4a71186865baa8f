import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Face, openFace } from './face.ts'

export type Style = 'regular' | 'italic' | 'bold'

/** A stretch of text in one face. */
export interface Run {
  readonly face: Face
  readonly glyphs: readonly number[]
  readonly text: string
}

/** The fonts of one document; they remember which glyphs were used. */
export interface Fonts {
  /** The text in faces that have its characters, in order. */
  runs(text: string, style: Style): Run[]
  /** How wide a text is, in points. */
  width(text: string, style: Style, size: number): number
  /** Notes that a run is shown, so that its glyphs are carried. */
  use(run: Run): void
  /** Every face that was used, with the text of its glyphs. */
  used(): ReadonlyMap<Face, ReadonlyMap<number, string>>
}

const file = (name: string, part: string, weight: string) =>
  `@fontsource/${name}/files/${name}-${part}-${weight}.woff`
const text = (weight: string) =>
  ['latin', 'latin-ext', 'greek', 'cyrillic'].map((p) => file('stix-two-text', p, weight))

/** STIX Two (SIL Open Font License): the text faces, and its mathematical face for all that they lack. */
const files: Readonly<Record<Style, readonly string[]>> = {
  regular: [...text('400-normal'), file('stix-two-math', 'latin', '400-normal')],
  italic: [...text('400-italic'), file('stix-two-math', 'latin', '400-normal')],
  bold: [...text('700-normal'), file('stix-two-math', 'latin', '400-normal')],
}

/** Opens fonts as they are needed. */
export function openFonts(): Fonts {
  const { resolve } = createRequire(import.meta.url)
  const faces = new Map<string, Face>()
  const used = new Map<Face, Map<number, string>>()
  const face = (path: string): Face => {
    const known = faces.get(path)
    if (known !== undefined) return known
    const opened = openFace(path.replace(/^.*\/|\.woff$/g, ''), readFileSync(resolve(path)))
    faces.set(path, opened)
    return opened
  }
  const faceFor = (codePoint: number, style: Style): { face: Face; glyph: number } => {
    for (const path of files[style]) {
      const candidate = face(path)
      const glyph = candidate.glyphOf(codePoint)
      if (glyph !== 0) return { face: candidate, glyph }
    }
    return { face: face(files[style][0]), glyph: face(files[style][0]).glyphOf(0x3f) }
  }
  const runs = (given: string, style: Style): Run[] => {
    const all: { face: Face; glyphs: number[]; text: string }[] = []
    for (const character of given) {
      const found = faceFor(character.codePointAt(0)!, style)
      const last = all.at(-1)
      if (last?.face === found.face) {
        last.glyphs.push(found.glyph)
        last.text += character
      } else all.push({ face: found.face, glyphs: [found.glyph], text: character })
    }
    return all
  }
  const widths = new Map<string, number>()
  const thousandths = (given: string, style: Style): number => {
    const key = `${style} ${given}`
    const known = widths.get(key)
    if (known !== undefined) return known
    const width = runs(given, style).reduce((sum, run) => sum + runWidth(run), 0)
    widths.set(key, width)
    return width
  }
  return {
    runs,
    width: (given, style, size) => (thousandths(given, style) * size) / 1000,
    use({ face: shown, glyphs, text: given }) {
      const known = used.get(shown) ?? new Map<number, string>()
      const characters = [...given]
      glyphs.forEach((glyph, i) => {
        known.set(glyph, characters[i])
      })
      used.set(shown, known)
    },
    used: () => used,
  }
}

/** In thousandths of the size, kerning included. */
export const runWidth = ({ face, glyphs }: Run) =>
  glyphs.reduce(
    (sum, glyph, i) => sum + face.advance(glyph) + (i > 0 ? face.kern(glyphs[i - 1], glyph) : 0),
    0,
  )
