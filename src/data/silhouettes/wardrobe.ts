import { bag } from './bag.ts'
import type { Dice } from './dice.ts'
import type { Drawing } from './drawing.ts'
import { sandal } from './sandal.ts'
import { ankleBoot, sneaker } from './shoes.ts'
import { drawTop, type TopStyle } from './top.ts'
import { coat, dress, pullover, shirt, tShirt } from './tops.ts'
import { trouser } from './trouser.ts'

const top =
  (style: (dice: Dice) => TopStyle) =>
  (dice: Dice, tone: number): Drawing =>
    drawTop(style(dice), dice, tone)

/** How to draw each class, in the order of Fashion-MNIST's labels. */
export const wardrobe: readonly ((dice: Dice, tone: number) => Drawing)[] = [
  top(tShirt),
  trouser,
  top(pullover),
  top(dress),
  top(coat),
  sandal,
  top(shirt),
  sneaker,
  bag,
  ankleBoot,
]
