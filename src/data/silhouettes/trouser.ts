import type { Dice } from './dice.ts'
import { apart, cloth, type Drawing, detail } from './drawing.ts'
import { box, mirror, pen, stroke } from './geometry.ts'

const TOP = -0.9

/** Trousers from skinny to wide, some cropped; the legs may touch. */
export function trouser(dice: Dice, tone: number): Drawing {
  const waist = dice.between('waist', 0.24, 0.34)
  const hip = waist * dice.between('hip', 1.1, 1.3)
  const length = dice.chance('cropped', 0.12)
    ? dice.between('length', 0.1, 0.6)
    : dice.between('length', 0.8, 0.95)
  const crotch = TOP + dice.between('crotch', 0.45, 0.62)
  const spread = dice.between('spread', 0.0, 0.14)
  const hem = dice.between('hem', 0.13, 0.26)
  const inner = dice.between('gap', 0.005, 0.03) + spread
  const leg = pen(0, TOP)
    .line(waist, TOP)
    .curve(hip, TOP + 0.3, hip, crotch)
    .line(inner + hem, length)
    .line(inner, length)
    .line(0.005, crotch)
    .line(0, crotch).points
  const mark = apart(tone, dice.between('contrast', 0.15, 0.5) * (dice.chance('lighter', 0.3) ? 1 : -1))
  const crease = stroke(
    [
      [hip * 0.55, crotch],
      [inner + hem / 2, length],
    ],
    0.05,
  )
  return [
    cloth(leg, tone),
    cloth(mirror(leg), tone),
    detail(
      stroke(
        [
          [0, TOP],
          [0, crotch + 0.05],
        ],
        0.05,
      ),
      apart(tone, -0.35),
    ),
    ...(dice.chance('belt', 0.6) ? [detail(box(-0.5, TOP, 0.5, TOP + 0.1), mark)] : []),
    ...(dice.chance('crease', 0.4) ? [detail(crease, mark), detail(mirror(crease), mark)] : []),
  ]
}
