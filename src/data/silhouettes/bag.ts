import type { Dice } from './dice.ts'
import { apart, cloth, type Drawing, detail, type Layer } from './drawing.ts'
import { box, ellipse, type Outline, type Point, pen, stroke } from './geometry.ts'

/** A body from clutch to tote, with two handles, one, a long strap, or none; flap, clasp and seams vary. */
export function bag(dice: Dice, tone: number): Drawing {
  const bottom = dice.between('bottom', 0.6, 0.85)
  const top = dice.between('top', -0.35, 0.2)
  const wide = dice.between('wide', 0.55, 0.92)
  const taper = dice.between('taper', -0.15, 0.2)
  const round = dice.between('round', 0, 0.16)
  const body = pen(-wide + taper, top)
    .line(wide - taper, top)
    .line(wide, bottom - round)
    .curve(wide, bottom, wide - round, bottom)
    .line(-wide + round, bottom)
    .curve(-wide, bottom, -wide, bottom - round).points
  const mark = apart(tone, dice.between('contrast', 0.15, 0.6) * (dice.chance('lighter', 0.4) ? 1 : -1))
  return [
    ...handles(dice, top, wide - taper, apart(tone, dice.between('handleContrast', -0.4, 0.3))),
    cloth(body, tone),
    ...flap(dice, top, bottom, wide, mark),
    ...(dice.chance('seams', 0.3) ? [detail(box(-1, bottom - 0.14, 1, bottom - 0.08), mark)] : []),
  ]
}

function handles(dice: Dice, top: number, wide: number, tone: number): Layer[] {
  const type = dice.pick('handle', ['none', 'arch', 'arch', 'double', 'strap'] as const)
  const rise = Math.min(dice.between('rise', 0.25, 0.7), top + 0.92)
  const width = dice.between('handleWidth', 0.07, 0.14)
  const arch = (half: number, height: number, dx = 0): Point[] =>
    pen(dx - half, top + 0.04)
      .curve(dx - half, top - height, dx, top - height)
      .curve(dx + half, top - height, dx + half, top + 0.04).points
  const span = wide * dice.between('span', 0.35, 0.85)
  switch (type) {
    case 'none':
      return []
    case 'arch':
      return [cloth(stroke(arch(span, rise), width), tone)]
    case 'double':
      return [
        cloth(stroke(arch(span, rise, 0.08), width), apart(tone, -0.3)),
        cloth(stroke(arch(span, rise * 0.85, -0.05), width), tone),
      ]
    case 'strap':
      return [
        cloth(
          stroke(
            [
              [-wide, top + 0.05],
              [-0.1, top - rise],
              [0.1, top - rise],
              [wide, top + 0.05],
            ],
            width * 0.8,
          ),
          tone,
        ),
      ]
  }
}

function flap(dice: Dice, top: number, bottom: number, wide: number, mark: number): Layer[] {
  const low = top + (bottom - top) * dice.between('flapLength', 0.3, 0.65)
  const edge: Outline = stroke(
    pen(-wide, top)
      .line(-wide * 0.85, low - 0.08)
      .curve(0, low + 0.1, wide * 0.85, low - 0.08)
      .line(wide, top).points,
    0.06,
  )
  const clasp = detail(ellipse(0, low, 0.09, 0.07), mark)
  switch (dice.pick('front', ['plain', 'flap', 'clasp', 'band'] as const)) {
    case 'plain':
      return []
    case 'flap':
      return [detail(edge, mark), clasp]
    case 'clasp':
      return [clasp]
    case 'band':
      return [detail(box(-1, top, 1, top + 0.12), mark)]
  }
}
