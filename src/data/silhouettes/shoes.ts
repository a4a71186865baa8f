import type { Dice } from './dice.ts'
import { apart, cloth, type Drawing, detail, type Layer } from './drawing.ts'
import { box, ellipse, type Outline, type Point, pen, stroke } from './geometry.ts'

/** The measures of a closed shoe seen from the side, its toe at the left. */
interface ShoeStyle {
  /** y of the ground, of the top of the toe, and of the opening for the foot. */
  readonly ground: number
  readonly toe: number
  readonly opening: number
  /** x of the opening's front edge and width of the back. */
  readonly instep: number
  readonly back: number
  readonly sole: number
  readonly heel: number
}

function upperOutline({ ground, toe, opening, instep, back, sole, heel }: ShoeStyle): Outline {
  const floor = ground - sole
  return pen(-0.9, floor)
    .curve(-0.94, toe, -0.62, toe)
    .curve((instep - 0.5) / 2, toe - 0.04, instep, opening + 0.04)
    .line(instep + 0.03, opening)
    .curve((instep + back) / 2, opening + 0.08, back, opening - 0.02)
    .curve(back - 0.04, (opening + floor) / 2, 0.9, floor - heel)
    .line(0.86, floor - heel + 0.02)
    .curve(0.2, floor - heel, -0.2, floor).points
}

function soleOutline({ ground, sole, heel }: ShoeStyle): Outline {
  const floor = ground - sole
  if (heel < 0.08)
    return pen(-0.93, floor)
      .line(0.92, floor - heel)
      .line(0.9, ground)
      .curve(0, ground + 0.03, -0.86, ground).points
  const front = 0.9 - 0.45
  return pen(-0.92, floor)
    .line(-0.2, floor)
    .curve(0.2, floor - heel, 0.9, floor - heel)
    .line(0.88, ground)
    .line(front, ground)
    .line(front - 0.03, floor - heel * 0.6)
    .curve(0.2, ground - heel * 0.7, -0.15, ground)
    .line(-0.88, ground).points
}

/** Along the front of the shaft, from the toe's top to the opening. */
function laces({ toe, opening, instep }: ShoeStyle, dice: Dice, mark: number): Layer[] {
  const count = Math.floor(dice.between('laces', 2, 5.99))
  return Array.from({ length: count }, (_, i) => {
    const t = (i + 0.5) / count
    const [x, y] = [-0.45 + t * (instep + 0.5), toe - 0.04 + t * t * (opening - toe + 0.1)]
    const line: Point[] = [
      [x - 0.05, y - 0.02],
      [x + 0.16, y + 0.12],
    ]
    return detail(stroke(line, 0.06), mark)
  })
}

/** Low, sometimes to the ankle; a thick flat sole of its own tone, laces, often a mark on the side. */
export function sneaker(dice: Dice, tone: number): Drawing {
  const opening = dice.chance('high', 0.15)
    ? dice.between('opening', -0.65, -0.4)
    : dice.between('opening', -0.36, -0.12)
  const style: ShoeStyle = {
    ground: 0.46,
    toe: dice.between('toe', 0.04, 0.18),
    opening,
    instep: dice.between('instep', 0.0, 0.25),
    back: dice.between('back', 0.78, 0.92),
    sole: dice.between('sole', 0.1, 0.2),
    heel: dice.between('heel', 0, 0.05),
  }
  const mark = apart(tone, dice.between('contrast', 0.25, 0.7) * (dice.chance('lighter', 0.5) ? 1 : -1))
  const solo = apart(tone, dice.between('soleContrast', 0.2, 0.8) * (dice.chance('lightSole', 0.7) ? 1 : -1))
  return [
    cloth(upperOutline(style), tone),
    cloth(soleOutline(style), solo),
    ...(dice.chance('laced', 0.75) ? laces(style, dice, mark) : []),
    ...sideMark(style, dice, mark),
    ...(dice.chance('cap', 0.3) ? [detail(ellipse(-0.8, 0.36, 0.26, 0.2), mark)] : []),
  ]
}

function sideMark({ ground, sole, opening }: ShoeStyle, dice: Dice, mark: number): Layer[] {
  const floor = ground - sole
  const x = dice.between('markX', 0.1, 0.45)
  switch (dice.pick('mark', ['none', 'stripes', 'swoosh', 'heel'] as const)) {
    case 'none':
      return []
    case 'stripes':
      return [-0.2, 0, 0.2].map((dx) =>
        detail(
          stroke(
            [
              [x + dx - 0.1, floor],
              [x + dx + 0.06, opening + 0.12],
            ],
            0.07,
          ),
          mark,
        ),
      )
    case 'swoosh':
      return [
        detail(
          pen(-0.35, floor - 0.18)
            .curve(-0.1, floor + 0.1, x + 0.35, opening + 0.2)
            .curve(-0.1, floor - 0.08, -0.35, floor - 0.18).points,
          mark,
        ),
      ]
    case 'heel':
      return [detail(box(0.68, opening, 1, floor), mark)]
  }
}

/** A shaft to the ankle or above; a thin sole, flat or with a block heel; sometimes a zip, elastic or laces. */
export function ankleBoot(dice: Dice, tone: number): Drawing {
  const heel = dice.chance('heeled', 0.55) ? dice.between('heel', 0.1, 0.34) : dice.between('heel', 0, 0.06)
  const style: ShoeStyle = {
    ground: dice.between('ground', 0.62, 0.82),
    toe: dice.between('toe', 0.2, 0.34),
    opening: dice.between('opening', -0.85, -0.3),
    instep: dice.between('instep', -0.02, 0.26),
    back: dice.between('back', 0.76, 0.94),
    sole: dice.between('sole', 0.05, 0.14),
    heel,
  }
  const mark = apart(tone, dice.between('contrast', 0.2, 0.6) * (dice.chance('lighter', 0.4) ? 1 : -1))
  return [
    cloth(upperOutline(style), tone),
    cloth(soleOutline(style), apart(tone, dice.between('soleContrast', -0.6, 0.4))),
    ...(dice.chance('laced', 0.35) ? laces(style, dice, mark) : []),
    ...shaft(style, dice, mark),
  ]
}

function shaft({ opening, instep, back }: ShoeStyle, dice: Dice, mark: number): Layer[] {
  const middle = (instep + back) / 2
  switch (dice.pick('shaft', ['plain', 'zip', 'elastic', 'cuff'] as const)) {
    case 'plain':
      return []
    case 'zip':
      return [detail(box(middle - 0.03, opening, middle + 0.04, 0.3), mark)]
    case 'elastic':
      return [
        detail(
          [
            [middle - 0.16, opening],
            [middle + 0.16, opening],
            [middle, 0.15],
          ],
          mark,
        ),
      ]
    case 'cuff':
      return [detail(box(instep - 0.1, opening - 0.1, back + 0.1, opening + 0.18), mark)]
  }
}
