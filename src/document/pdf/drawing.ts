import { resolveVariables, type Theme } from '../../visualization/theme.ts'
import { type Canvas, type Matrix, number, type Paint, rectangle, type Stroke, segment } from './canvas.ts'
import type { Fonts, Style } from './fonts.ts'

/** What an element hands down to those within it. */
interface Inherited {
  readonly fill: string
  readonly stroke: string
  readonly fillOpacity: number
  readonly strokeOpacity: number
  readonly strokeWidth: number
  readonly dashes: readonly number[]
  readonly isRound: boolean
  readonly size: number
  readonly style: Style
  readonly anchor: string
}

/** How a drawing is put on paper. */
export interface Brush {
  readonly canvas: Canvas
  readonly fonts: Fonts
  readonly theme: Theme
}

/** The size that a drawing asks for, in its own pixels. */
export const drawingSize = (svg: Element) => ({
  width: Number(svg.getAttribute('width')),
  height: Number(svg.getAttribute('height')),
})

/**
 * Draws our own figures: the part of SVG that Observable Plot writes for them (groups, paths, rectangles, circles, lines and
 * text; translations and rotations; no styles but those of attributes).
 */
export function drawSvg(svg: Element, brush: Brush): void {
  const first: Inherited = {
    fill: brush.theme.ink,
    stroke: 'none',
    fillOpacity: 1,
    strokeOpacity: 1,
    strokeWidth: 1,
    dashes: [],
    isRound: false,
    size: 12, // as `dress` in frame.ts says
    style: 'regular',
    anchor: 'middle',
  }
  for (const child of svg.children) drawElement(child, first, brush)
}

function drawElement(element: Element, above: Inherited, brush: Brush): void {
  if (skipped.has(element.localName)) return
  const look = inherit(element, above, brush.theme)
  const matrices = transforms(element.getAttribute('transform') ?? '')
  const draw = () => drawContent(element, look, brush)
  matrices.reduceRight<() => void>((inner, matrix) => () => brush.canvas.within(matrix, inner), draw)()
}

const skipped = new Set(['title', 'desc', 'style', 'defs'])

function drawContent(element: Element, look: Inherited, brush: Brush): void {
  if (element.localName === 'g') {
    for (const child of element.children) drawElement(child, look, brush)
  } else if (element.localName === 'text') {
    drawText(element, look, brush)
  } else {
    const operators = outline(element)
    if (operators !== '') brush.canvas.path(operators, fillOf(look), strokeOf(look))
  }
}

function inherit(element: Element, above: Inherited, theme: Theme): Inherited {
  const value = (name: string) => element.getAttribute(name)
  const paint = (name: string, inherited: string) => {
    const given = value(name)
    if (given === null) return inherited
    return given === 'currentColor' ? theme.ink : resolveVariables(given, theme)
  }
  const amount = (name: string, inherited: number) => Number.parseFloat(value(name) ?? '') || inherited
  const share = (name: string, inherited: number) =>
    inherited * Number(value(name) ?? 1) * Number(value('opacity') ?? 1)
  return {
    fill: paint('fill', above.fill),
    stroke: paint('stroke', above.stroke),
    fillOpacity: share('fill-opacity', above.fillOpacity),
    strokeOpacity: share('stroke-opacity', above.strokeOpacity),
    strokeWidth: amount('stroke-width', above.strokeWidth),
    dashes:
      value('stroke-dasharray')
        ?.match(/[\d.]+/g)
        ?.map(Number) ?? above.dashes,
    isRound: (value('stroke-linejoin') ?? '') === 'round' || above.isRound,
    size: amount('font-size', above.size),
    style: value('font-weight') === null ? above.style : 'bold',
    anchor: value('text-anchor') ?? above.anchor,
  }
}

const isColor = (paint: string) => /^#[\da-f]{6}$/i.test(paint)

const fillOf = ({ fill, fillOpacity }: Inherited): Paint | undefined =>
  isColor(fill) ? { color: fill, opacity: fillOpacity } : undefined

const strokeOf = (look: Inherited): Stroke | undefined =>
  isColor(look.stroke)
    ? {
        color: look.stroke,
        opacity: look.strokeOpacity,
        width: look.strokeWidth,
        dashes: look.dashes,
        isRound: look.isRound,
      }
    : undefined

/** `translate(1,2) rotate(-45)` as matrices, the outermost first. */
function transforms(text: string): Matrix[] {
  return [...text.matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)].map(([, kind, inside]): Matrix => {
    const [a = 0, b = kind === 'scale' ? a : 0] = (inside.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number)
    if (kind === 'translate') return [1, 0, 0, 1, a, b]
    if (kind === 'scale') return [a, 0, 0, b, 0, 0]
    const angle = (a * Math.PI) / 180
    return [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]
  })
}

function outline(element: Element): string {
  const at = (name: string) => Number(element.getAttribute(name) ?? 0)
  switch (element.localName) {
    case 'rect':
      return rectangle(at('x'), at('y'), at('width'), at('height'))
    case 'line':
      return segment(at('x1'), at('y1'), at('x2'), at('y2'))
    case 'circle':
      return circle(at('cx'), at('cy'), at('r'))
    case 'path':
      return path(element.getAttribute('d') ?? '')
    default:
      return ''
  }
}

/** Four Bézier curves, off by less than 0.03 % of the radius. */
function circle(x: number, y: number, r: number): string {
  const k = 0.5522847498 * r
  const curve = (...points: readonly number[]) => `${points.map(number).join(' ')} c`
  return [
    `${number(x + r)} ${number(y)} m`,
    curve(x + r, y + k, x + k, y + r, x, y + r),
    curve(x - k, y + r, x - r, y + k, x - r, y),
    curve(x - r, y - k, x - k, y - r, x, y - r),
    curve(x + k, y - r, x + r, y - k, x + r, y),
    'h',
  ].join(' ')
}

const counts: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, Q: 4, A: 7, Z: 0 }

/** A path's commands, absolute or relative, as operators; arcs are those of whole circles, as d3 writes them. */
function path(d: string): string {
  const out: string[] = []
  let [x, y] = [0, 0]
  const to = (operator: string, ...points: readonly number[]) => {
    out.push(`${points.map(number).join(' ')} ${operator}`)
    ;[x, y] = points.slice(-2)
  }
  for (const [, command, inside] of d.matchAll(/([a-z])([^a-z]*)/gi)) {
    const kind = command.toUpperCase()
    const isRelative = command !== kind
    const values = (inside.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(Number)
    const size = counts[kind] ?? 0
    for (let i = 0; i === 0 || i < values.length; i += size || 1) {
      const own = values.slice(i, i + size)
      const [dx, dy] = isRelative ? [x, y] : [0, 0]
      const point = (at: number) => [own[at] + dx, own[at + 1] + dy] as const
      if (kind === 'M') to(i === 0 ? 'm' : 'l', ...point(0))
      else if (kind === 'L') to('l', ...point(0))
      else if (kind === 'H') to('l', own[0] + dx, y)
      else if (kind === 'V') to('l', x, own[0] + dy)
      else if (kind === 'C') to('c', ...point(0), ...point(2), ...point(4))
      else if (kind === 'A') halfCircle(own[0], own[4] === 1, point(5))
      else if (kind === 'Z') out.push('h')
    }
  }
  return out.join(' ')

  /** From here to there by a half circle of a radius. */
  function halfCircle(r: number, isClockwise: boolean, [endX, endY]: readonly [number, number]): void {
    const [cx, cy] = [(x + endX) / 2, (y + endY) / 2]
    const turn = isClockwise ? 1 : -1
    const k = 0.5522847498
    const [ux, uy] = [(x - cx) / (r || 1), (y - cy) / (r || 1)]
    const [vx, vy] = [-uy * turn, ux * turn]
    const at = (u: number, v: number) => [cx + r * (u * ux + v * vx), cy + r * (u * uy + v * vy)]
    to('c', ...at(1, k), ...at(k, 1), ...at(0, 1))
    to('c', ...at(-k, 1), ...at(-1, k), ...at(-1, 0))
  }
}

/** The middle of a digit is 0.32 of its size above the baseline: `0.32em` centers it. */
const ems = (given: string | null, size: number) =>
  given === null ? 0 : given.endsWith('em') ? Number.parseFloat(given) * size : Number(given)

function drawText(element: Element, look: Inherited, { canvas, fonts }: Brush): void {
  const text = element.textContent ?? ''
  const fill = fillOf(look)
  if (fill === undefined || text.trim() === '') return
  const { size, style } = look
  const width = fonts.width(text, style, size)
  const shift = look.anchor === 'end' ? width : look.anchor === 'middle' ? width / 2 : 0
  const x = ems(element.getAttribute('x'), size) - shift
  const y = ems(element.getAttribute('y'), size) + ems(element.getAttribute('dy'), size)
  canvas.text(text, x, y, { style, size, fill, halo: strokeOf(look) })
}
