import type { Dice } from './dice.ts'
import { apart, cloth, type Drawing, detail, hole, type Layer } from './drawing.ts'
import { box, ellipse, mirror, type Outline, type Point, pen, stroke } from './geometry.ts'

/** The measures of anything worn above the waist; widths are from the middle line, y runs from −0.9 down. */
export interface TopStyle {
  readonly neck: number
  readonly shoulder: number
  readonly chest: number
  readonly waist: number
  readonly hem: number
  /** y of the lower edge. */
  readonly length: number
  /** Along the arm, 0 for none; `spread` is how far it stands off: sideways for each unit down. */
  readonly sleeve: { readonly length: number; readonly spread: number; readonly cuff: number }
  readonly neckline: { readonly type: 'round' | 'v' | 'square'; readonly depth: number }
  readonly collar: 'none' | 'shirt' | 'lapel' | 'turtle' | 'hood'
  readonly opening: 'none' | 'buttons' | 'zip' | 'open'
  /** Ribbed lower edge and cuffs. */
  readonly isRibbed: boolean
  readonly print: 'none' | 'badge' | 'block' | 'band'
  readonly hasPockets: boolean
}

const TOP = -0.86
const SLOPE = 0.12

/** Draws a top of the given style; `tone` is its cloth's brightness. */
export function drawTop(style: TopStyle, dice: Dice, tone: number): Drawing {
  const contrast = dice.between('contrast', 0.15, 0.6) * (dice.chance('lighter', 0.4) ? 1 : -1)
  const mark = apart(tone, contrast)
  const armpit = TOP + SLOPE + dice.between('armhole', 0.32, 0.42)
  const sleeves = sleeveOutlines(style, armpit)
  return [
    ...hood(style, tone),
    ...sleeves.map((outline) => cloth(outline, tone)),
    cloth(bodyOutline(style, armpit), tone),
    ...sleeves.map((outline) => detail(stroke(seam(outline), 0.05), apart(tone, -0.25))),
    ...neckHole(style, tone),
    ...print(style, dice, mark),
    ...ribs(style, sleeves, mark),
    ...opening(style, dice, tone, mark),
    ...collar(style, tone, mark),
    ...pockets(style, mark),
  ]
}

function bodyOutline({ neck, shoulder, chest, waist, hem, length }: TopStyle, armpit: number): Outline {
  const middle = (armpit + length) / 2
  const right = pen(neck, TOP)
    .line(shoulder, TOP + SLOPE)
    .curve(chest - 0.04, armpit - 0.12, chest, armpit)
    .curve(waist, middle, hem, length).points
  return [...right, [0, length + 0.03], ...mirror(right)]
}

/** Right sleeve, then left; none where the length is 0. */
function sleeveOutlines({ shoulder, chest, sleeve }: TopStyle, armpit: number): Outline[] {
  if (sleeve.length === 0) return []
  const unit = sleeve.length / Math.sqrt(1 + sleeve.spread * sleeve.spread)
  const [dx, dy] = [unit * sleeve.spread, unit]
  const [outerX, outerY] = [shoulder + dx + 0.06, TOP + SLOPE + dy]
  const across = sleeve.cuff / Math.sqrt(1 + sleeve.spread * sleeve.spread)
  const right: Point[] = pen(shoulder - 0.06, TOP + SLOPE - 0.03)
    .curve(shoulder + 0.1 + dx * 0.3, TOP + SLOPE + dy * 0.25, outerX, outerY)
    .line(outerX - across, outerY + across * sleeve.spread)
    .line(chest - 0.03, armpit)
    .line(chest - 0.12, armpit - 0.1).points
  return [right, mirror(right)]
}

/** Where the sleeve meets the body. */
function seam(outline: Outline): Outline {
  return [...outline].sort(([a], [b]) => Math.abs(a) - Math.abs(b)).slice(0, 2)
}

function neckHole({ neck, neckline: { type, depth }, collar }: TopStyle, tone: number): Layer[] {
  if (collar === 'turtle') return []
  const back = TOP + 0.04
  const front = TOP + depth
  const shapes: Record<typeof type, Outline> = {
    round: pen(-neck, TOP - 0.02).curve(0, 2 * front - TOP, neck, TOP - 0.02).points,
    v: [
      [-neck, TOP - 0.02],
      [0, front],
      [neck, TOP - 0.02],
    ],
    square: [
      [-neck, TOP - 0.02],
      [-neck, front],
      [neck, front],
      [neck, TOP - 0.02],
    ],
  }
  const inner = pen(-neck, TOP - 0.02).curve(0, 2 * back - TOP + 0.06, neck, TOP - 0.02).points
  return [detail(shapes[type], apart(tone, -0.55)), hole(inner)]
}

function hood({ collar, neck }: TopStyle, tone: number): Layer[] {
  if (collar !== 'hood') return []
  return [cloth(ellipse(0, TOP + 0.06, neck + 0.16, 0.16), apart(tone, -0.2))]
}

function collar({ collar: type, neck, neckline: { depth } }: TopStyle, tone: number, mark: number): Layer[] {
  if (type === 'turtle') {
    const band = box(-neck - 0.02, TOP - 0.12, neck + 0.02, TOP + 0.05)
    return [cloth(band, tone), detail(box(-neck - 0.02, TOP + 0.02, neck + 0.02, TOP + 0.08), mark)]
  }
  if (type !== 'shirt' && type !== 'lapel') return []
  const [width, reach] = type === 'shirt' ? [0.13, depth + 0.1] : [0.2, depth + 0.3]
  const flap: Outline = [
    [neck + 0.02, TOP - 0.06],
    [neck + width, TOP + 0.1 + (type === 'lapel' ? 0.16 : 0.04)],
    [0.03, TOP + reach],
    [neck - 0.1, TOP + 0.02],
  ]
  const edge = [flap[1], flap[2]]
  return [flap, mirror(flap)]
    .flatMap((outline) => [cloth(outline, apart(tone, 0.25))])
    .concat([edge, mirror(edge)].map((line) => detail(stroke(line, 0.07), apart(tone, -0.4))))
}

function opening(
  { opening: type, length, neckline, waist }: TopStyle,
  dice: Dice,
  tone: number,
  mark: number,
): Layer[] {
  const top = TOP + neckline.depth * 0.8
  if (type === 'none') return []
  if (type === 'open') {
    const gap = dice.between('gap', 0.03, 0.3) * waist
    return [
      hole([
        [0, top],
        [gap, length + 0.1],
        [-gap, length + 0.1],
      ]),
    ]
  }
  const line = detail(box(-0.035, top, 0.035, length + 0.05), type === 'zip' ? mark : apart(tone, -0.35))
  if (type === 'zip') return [line]
  const step = dice.between('buttons', 0.2, 0.32)
  const buttons = Array.from({ length: Math.floor((length - top) / step) }, (_, i) =>
    detail(ellipse(0, top + step * (i + 0.5), 0.05, 0.05), mark),
  )
  return [line, ...buttons]
}

function ribs({ isRibbed, hem, length }: TopStyle, sleeves: readonly Outline[], mark: number): Layer[] {
  if (!isRibbed) return []
  const edges = sleeves.map((outline) => {
    const low = [...outline].sort(([, a], [, b]) => b - a).slice(0, 2)
    return detail(stroke(low, 0.16), mark)
  })
  return [detail(box(-hem - 0.1, length - 0.1, hem + 0.1, length + 0.1), mark), ...edges]
}

function print({ print: type, chest, length }: TopStyle, dice: Dice, mark: number): Layer[] {
  const y = dice.between('printY', -0.35, -0.05)
  const width = chest * dice.between('printWidth', 0.3, 0.75)
  const height = dice.between('printHeight', 0.08, 0.3)
  switch (type) {
    case 'none':
      return []
    case 'badge':
      return [detail(ellipse(0, y, width, height), mark)]
    case 'block':
      return [detail(box(-width, y - height, width, y + height), mark)]
    case 'band':
      return [detail(box(-1, y, 1, Math.min(length, y + height)), mark)]
    default:
      return type satisfies never
  }
}

function pockets({ hasPockets, waist, length }: TopStyle, mark: number): Layer[] {
  if (!hasPockets) return []
  const y = length - 0.45
  const right: Outline = [
    [waist * 0.4, y],
    [waist * 0.85, y + 0.06],
    [waist * 0.85, y + 0.13],
    [waist * 0.4, y + 0.07],
  ]
  return [detail(right, mark), detail(mirror(right), mark)]
}
