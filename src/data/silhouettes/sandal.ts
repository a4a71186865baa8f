import type { Dice } from './dice.ts'
import { apart, cloth, type Drawing, type Layer } from './drawing.ts'
import { type Outline, type Point, pen, stroke } from './geometry.ts'

type Sole = 'flat' | 'wedge' | 'heel' | 'slide'

/** The line of a foot seen from the side, toes at the left: where it stands and how high it reaches, for each x. */
interface Foot {
  readonly under: (x: number) => number
  readonly over: (x: number) => number
}

const lifts: Readonly<Record<Sole, readonly [number, number]>> = {
  flat: [0, 0.12],
  wedge: [0.2, 0.5],
  heel: [0.4, 0.85],
  slide: [0, 0.1],
}

/** A sole, flat, wedge or on a heel, and a few straps over a foot that is not there. */
export function sandal(dice: Dice, tone: number): Drawing {
  const type = dice.pick('type', ['flat', 'wedge', 'heel', 'slide'] as const)
  const lift = dice.between('lift', ...lifts[type])
  const ground = 0.42 + lift * 0.5
  const thick = dice.between('thick', 0.1, 0.2)
  const under = (x: number) => ground - thick - (Math.max(0, x + 0.3) / 1.2) * lift
  const rise = dice.between('rise', 0.3, 0.48)
  const foot: Foot = { under, over: (x) => under(x) - 0.16 - rise * Math.max(0, (x + 0.9) / 1.1) }
  return [
    ...soleOf(type, ground, thick, lift, apart(tone, dice.between('soleContrast', -0.35, 0.5))),
    ...(type === 'slide'
      ? [band(foot, -0.62, dice.between('band', 0.4, 0.62), 0.08)]
      : straps(foot, dice)
    ).map((outline) => cloth(outline, tone)),
  ]
}

function soleOf(type: Sole, ground: number, thick: number, lift: number, tone: number): Layer[] {
  const top = pen(-0.92, ground - thick)
    .line(-0.3, ground - thick)
    .curve(0.1, ground - thick, 0.92, ground - thick - lift)
  if (type === 'wedge') return [cloth(top.line(0.88, ground).line(-0.88, ground).points, tone)]
  const shank = top
    .line(0.92, ground - lift)
    .curve(0.1, ground, -0.3, ground)
    .line(-0.88, ground).points
  const heel: Outline = [
    [0.66, ground - lift * 0.9],
    [0.92, ground - lift],
    [0.86, ground],
    [0.75, ground],
  ]
  return type === 'heel' ? [cloth(shank, tone), cloth(heel, tone)] : [cloth(shank, tone)]
}

/** A strap from the sole at x over the foot, `slant` further back at its top. */
function band({ under, over }: Foot, x: number, width: number, slant: number): Outline {
  const [left, right] = [x + slant, x + slant + width * 0.8]
  return pen(x, under(x) + 0.04)
    .line(left, over(left))
    .line(right, over(right))
    .line(x + width, under(x + width) + 0.04).points
}

function straps(foot: Foot, dice: Dice): Outline[] {
  const width = dice.between('strap', 0.14, 0.32)
  const slant = dice.between('slant', -0.05, 0.3)
  const count = Math.floor(dice.between('straps', 1, 3.99))
  const step = dice.between('step', 0.28, 0.4)
  const front = Array.from({ length: count }, (_, i) => band(foot, -0.78 + i * step, width, slant))
  const crossed = dice.chance('crossed', 0.35) ? [band(foot, -0.2, width, -slant - 0.1)] : []
  return [...front, ...crossed, ...ankle(foot, dice)]
}

/** What holds the heel: a counter at the back and a strap around the ankle, with or without one along the instep. */
function ankle({ under, over }: Foot, dice: Dice): Outline[] {
  if (dice.chance('mule', 0.15)) return []
  const width = dice.between('ankleStrap', 0.09, 0.16)
  const top = under(0.8) - dice.between('ankle', 0.3, 0.6)
  const back: Outline = [
    [0.72, top],
    [0.88, top - 0.03],
    [0.94, under(0.9) + 0.04],
    [dice.between('counter', 0.55, 0.78), under(0.7) + 0.04],
  ]
  const front: Point = [0.25, top + 0.06]
  const around = stroke(pen(0.84, top + width / 2).curve(0.55, top + 0.1, ...front).points, width)
  const instep = stroke(pen(...front).curve(0, over(0), -0.5, over(-0.5) + 0.05).points, width)
  return dice.chance('instep', 0.7) ? [back, around, instep] : [back, around]
}
