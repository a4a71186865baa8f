import type { Dice } from './dice.ts'
import type { TopStyle } from './top.ts'

/**
 * The five kinds of tops. They share cut and cloth on purpose: what tells them apart is small (a collar, a row of
 * buttons, a ribbed edge) or a matter of degree (length, sleeve), as it is in Fashion-MNIST.
 */

/** Half widths of a body that is cut straight to fitted. */
function cut(dice: Dice, low: number, high: number) {
  const chest = dice.between('chest', low, high)
  return {
    chest,
    shoulder: chest * dice.between('shoulder', 0.86, 1.0),
    waist: chest * dice.between('waist', 0.8, 1.02),
    hem: chest * dice.between('hem', 0.9, 1.08),
    neck: chest * dice.between('neck', 0.34, 0.5),
  }
}

function sleeveOf(dice: Dice, low: number, high: number): TopStyle['sleeve'] {
  const length = dice.between('sleeve', low, high)
  const isShort = length < 0.7
  return {
    length,
    spread: isShort ? dice.between('spread', 0.5, 1.1) : dice.between('spread', 0.1, 0.34),
    cuff: isShort ? dice.between('cuff', 0.24, 0.34) : dice.between('cuff', 0.15, 0.24),
  }
}

const noSleeve: TopStyle['sleeve'] = { length: 0, spread: 0, cuff: 0 }

/** Short sleeves or none, no collar; every second has a print. */
export function tShirt(dice: Dice): TopStyle {
  const isTank = dice.chance('tank', 0.12)
  return {
    ...cut(dice, 0.42, 0.58),
    length: dice.between('length', 0.6, 0.88),
    sleeve: isTank ? noSleeve : sleeveOf(dice, 0.34, 0.62),
    neckline: {
      type: dice.pick('neckline', ['round', 'round', 'v', 'square']),
      depth: dice.between('depth', 0.1, 0.28),
    },
    collar: 'none',
    opening: 'none',
    isRibbed: dice.chance('rib', 0.05),
    print: dice.pick('print', ['none', 'none', 'badge', 'block', 'band']),
    hasPockets: false,
  }
}

/** Long sleeves, closed; often with ribbed edges. */
export function pullover(dice: Dice): TopStyle {
  return {
    ...cut(dice, 0.44, 0.58),
    length: dice.between('length', 0.56, 0.82),
    sleeve: sleeveOf(dice, 1.0, 1.4),
    neckline: {
      type: dice.pick('neckline', ['round', 'round', 'v']),
      depth: dice.between('depth', 0.08, 0.2),
    },
    collar: dice.pick('collar', ['none', 'none', 'none', 'turtle', 'hood']),
    opening: 'none',
    isRibbed: dice.chance('rib', 0.6),
    print: dice.pick('print', ['none', 'none', 'none', 'badge', 'band']),
    hasPockets: dice.chance('pockets', 0.1),
  }
}

/** Long sleeves, long, opens at the front; mostly with lapels. */
export function coat(dice: Dice): TopStyle {
  return {
    ...cut(dice, 0.42, 0.56),
    length: dice.between('length', 0.74, 0.94),
    sleeve: sleeveOf(dice, 1.1, 1.4),
    neckline: { type: 'v', depth: dice.between('depth', 0.12, 0.4) },
    collar: dice.pick('collar', ['lapel', 'lapel', 'lapel', 'hood', 'none', 'shirt']),
    opening: dice.pick('opening', ['zip', 'zip', 'buttons', 'open', 'open']),
    isRibbed: dice.chance('rib', 0.15),
    print: 'none',
    hasPockets: dice.chance('pockets', 0.5),
  }
}

/** A collar and buttons, as a rule; the sleeve may have any length. */
export function shirt(dice: Dice): TopStyle {
  const isBlouse = dice.chance('blouse', 0.18)
  return {
    ...cut(dice, 0.42, 0.57),
    length: dice.between('length', 0.58, 0.84),
    sleeve: dice.chance('long', 0.6) ? sleeveOf(dice, 0.9, 1.35) : sleeveOf(dice, 0.4, 0.75),
    neckline: { type: dice.pick('neckline', ['v', 'v', 'round']), depth: dice.between('depth', 0.1, 0.3) },
    collar: isBlouse ? 'none' : 'shirt',
    opening: dice.pick('opening', isBlouse ? ['none', 'buttons'] : ['buttons', 'buttons', 'buttons', 'none']),
    isRibbed: false,
    print: dice.pick('print', ['none', 'none', 'none', 'none', 'band']),
    hasPockets: false,
  }
}

/** A dress is a narrow top that does not stop at the hips. */
export function dress(dice: Dice): TopStyle {
  const chest = dice.between('chest', 0.24, 0.36)
  const skirt = dice.pick('skirt', ['straight', 'straight', 'flared'])
  return {
    chest,
    shoulder: chest * dice.between('shoulder', 0.75, 1.0),
    waist: chest * dice.between('waist', 0.6, 0.95),
    hem: chest * (skirt === 'straight' ? dice.between('hem', 0.9, 1.2) : dice.between('hem', 1.4, 2.2)),
    neck: chest * dice.between('neck', 0.4, 0.7),
    length: dice.between('length', 0.8, 0.95),
    sleeve: dice.pick('arms', [noSleeve, noSleeve, sleeveOf(dice, 0.25, 0.5), sleeveOf(dice, 0.8, 1.2)]),
    neckline: {
      type: dice.pick('neckline', ['round', 'v', 'square']),
      depth: dice.between('depth', 0.12, 0.35),
    },
    collar: 'none',
    opening: dice.pick('opening', ['none', 'none', 'none', 'none', 'none', 'buttons', 'zip']),
    isRibbed: false,
    print: dice.pick('print', ['none', 'none', 'band']),
    hasPockets: false,
  }
}
