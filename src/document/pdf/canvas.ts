import { type Fonts, type Run, runWidth, type Style } from './fonts.ts'

/** A color as `#rrggbb`, and how much of it covers what is below. */
export interface Paint {
  readonly color: string
  readonly opacity: number
}

export interface Stroke extends Paint {
  readonly width: number
  readonly dashes: readonly number[]
  readonly isRound: boolean
}

/** A picture: its id among the document's pictures and its size in pixels. */
export interface PictureName {
  readonly name: string
  readonly width: number
  readonly height: number
}

export type Matrix = readonly [number, number, number, number, number, number]

/** One page to draw on: points from the top left corner, y downwards. */
export interface Canvas {
  within(matrix: Matrix, draw: () => void): void
  clipped(x: number, y: number, width: number, height: number, draw: () => void): void
  /** Operators of a path, as PDF writes them. */
  path(operators: string, fill: Paint | undefined, stroke: Stroke | undefined): void
  /** One line of text whose baseline begins at x, y; returns its width. */
  text(text: string, x: number, y: number, look: TextLook): number
  picture(picture: PictureName, x: number, y: number, width: number, height: number): void
  /** The page's operators, and what they name. */
  content(): string
  readonly opacities: ReadonlySet<number>
  readonly faces: ReadonlySet<string>
  readonly pictures: ReadonlySet<string>
}

export interface TextLook {
  readonly style: Style
  readonly size: number
  readonly fill: Paint
  /** Drawn below the letters, so that they stand out from what they cross. */
  readonly halo?: Stroke | undefined
}

/** A number as PDF takes it: three decimals, no exponent. */
export const number = (x: number) => String(Math.round(x * 1000) / 1000)
const numbers = (...all: readonly number[]) => all.map(number).join(' ')

const channels = (color: string) =>
  [1, 3, 5].map((at) => number(Number.parseInt(color.slice(at, at + 2), 16) / 255)).join(' ')

/** The operators of a rectangle. */
export const rectangle = (x: number, y: number, width: number, height: number) =>
  `${numbers(x, y, width, height)} re`
/** The operators of a line. */
export const segment = (x1: number, y1: number, x2: number, y2: number) =>
  `${numbers(x1, y1)} m ${numbers(x2, y2)} l`

/** An empty page of a height. */
export function newCanvas(fonts: Fonts, height: number): Canvas {
  const lines = [`1 0 0 -1 0 ${number(height)} cm`]
  const opacities = new Set<number>()
  const faces = new Set<string>()
  const pictures = new Set<string>()
  const fade = ({ opacity }: Paint) => {
    if (opacity >= 1) return ''
    opacities.add(opacity)
    return `/G${Math.round(opacity * 100)} gs `
  }
  const fillState = (paint: Paint) => `${fade(paint)}${channels(paint.color)} rg`
  const strokeState = (stroke: Stroke) =>
    `${fade(stroke)}${channels(stroke.color)} RG ${number(stroke.width)} w ${stroke.isRound ? '1 J 1 j' : '0 J 0 j'} [${numbers(...stroke.dashes)}] 0 d`
  const grouped = (first: string, draw: () => void) => {
    lines.push(`q ${first}`)
    draw()
    lines.push('Q')
  }
  const show = (run: Run, x: number, y: number, size: number, mode: 0 | 1) => {
    fonts.use(run)
    faces.add(run.face.name)
    lines.push(
      `BT /${run.face.name} ${number(size)} Tf ${mode} Tr 1 0 0 -1 ${numbers(x, y)} Tm ${glyphs(run)} TJ ET`,
    )
  }
  return {
    within: (matrix, draw) => grouped(`${numbers(...matrix)} cm`, draw),
    clipped: (x, y, width, h, draw) => grouped(`${rectangle(x, y, width, h)} W n`, draw),
    path(operators, fill, stroke) {
      if (fill === undefined && stroke === undefined) return
      const state = [fill && fillState(fill), stroke && strokeState(stroke)].filter(Boolean).join(' ')
      lines.push(`q ${state} ${operators} ${fill && stroke ? 'B' : fill ? 'f' : 'S'} Q`)
    },
    text(given, x, y, { style, size, fill, halo }) {
      const runs = fonts.runs(given, style)
      const at = (mode: 0 | 1) => {
        let left = x
        for (const run of runs) {
          show(run, left, y, size, mode)
          left += (size * runWidth(run)) / 1000
        }
        return left - x
      }
      if (halo) grouped(strokeState(halo), () => at(1))
      let width = 0
      grouped(fillState(fill), () => {
        width = at(0)
      })
      return width
    },
    picture({ name }, x, y, width, h) {
      pictures.add(name)
      lines.push(`q ${numbers(width, 0, 0, -h, x, y + h)} cm /${name} Do Q`)
    },
    content: () => lines.join('\n'),
    opacities,
    faces,
    pictures,
  }
}

/** The glyphs of a run with their kerning: `[<0041> 30 <0056>]`. */
function glyphs({ face, glyphs: all }: Run): string {
  let text = '[<'
  all.forEach((glyph, i) => {
    const kern = i > 0 ? Math.round(face.kern(all[i - 1], glyph)) : 0
    if (kern !== 0) text += `> ${-kern} <`
    text += glyph.toString(16).padStart(4, '0')
  })
  return `${text}>]`
}
