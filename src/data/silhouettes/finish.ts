import { type Key, words } from '../../base/random.ts'
import type { Canvas } from './canvas.ts'
import type { Dice } from './dice.ts'

/** Goes from 0 to 1 and back over one period: a wave from the four operations. */
function triangle(t: number): number {
  const phase = t - Math.floor(t)
  return phase < 0.5 ? 2 * phase : 2 - 2 * phase
}

/** Darkens the cloth by a pattern of stripes, checks or dots; most clothes are plain. */
export function weave({ size, tone, cover }: Canvas, dice: Dice): void {
  const pattern = dice.pick('pattern', [
    'plain',
    'plain',
    'plain',
    'plain',
    'plain',
    'across',
    'along',
    'checks',
    'dots',
  ] as const)
  if (pattern === 'plain') return
  const period = dice.between('period', 2.5, 7)
  const depth = dice.between('depth', 0.12, 0.5)
  const offset = dice.between('offset', 0, 1)
  for (let p = 0; p < tone.length; p++) {
    if (cover[p] === 0) continue
    const across = triangle(Math.floor(p / size) / period + offset)
    const along = triangle((p % size) / period + offset)
    const mix = { across, along, checks: (across + along) / 2, dots: across * along }[pattern]
    tone[p] *= 1 - depth * mix
  }
}

/** Folds: smooth light and shade from a 5×5 grid of draws, between which one interpolates. */
export function fold({ size, tone }: Canvas, from: Key, dice: Dice): void {
  const strength = dice.between('folds', 0.05, 0.45)
  const grid = words(from.child('folds'), new Uint32Array(25))
  const step = 4 / size
  for (let y = 0; y < size; y++) {
    const [row, v] = [Math.floor(y * step), y * step - Math.floor(y * step)]
    for (let x = 0; x < size; x++) {
      const [column, u] = [Math.floor(x * step), x * step - Math.floor(x * step)]
      const at = row * 5 + column
      const upper = grid[at] * (1 - u) + grid[at + 1] * u
      const lower = grid[at + 5] * (1 - u) + grid[at + 6] * u
      tone[y * size + x] *= 1 - (strength * (upper * (1 - v) + lower * v)) / 2 ** 32
    }
  }
}

/** Something lies before the item: a black or gray rectangle, now and then. */
export function occlude({ size, tone, cover }: Canvas, dice: Dice): void {
  if (!dice.chance('occluded', 0.2)) return
  const [width, height] = [dice.between('occluderWidth', 3, 10), dice.between('occluderHeight', 3, 10)]
  const left = Math.floor(dice.between('occluderX', -2, size + 2 - width))
  const top = Math.floor(dice.between('occluderY', -2, size + 2 - height))
  const gray = dice.chance('occluderGrey', 0.4) ? dice.between('occluderTone', 0.1, 0.8) : 0
  for (let y = Math.max(0, top); y < Math.min(size, top + height); y++) {
    for (let x = Math.max(0, left); x < Math.min(size, left + width); x++) {
      tone[y * size + x] = gray
      cover[y * size + x] = gray > 0 ? 1 : 0
    }
  }
}

/**
 * To bytes, with grain on the cloth and a little everywhere. The sum of a word's four bytes is nearly normal
 * (Irwin–Hall), mean 510, standard deviation 147.8.
 */
export function develop({ tone, cover }: Canvas, from: Key, dice: Dice, out: Uint8Array): void {
  const onCloth = dice.between('grain', 0.01, 0.05)
  const around = dice.chance('dusty', 0.1) ? dice.between('dust', 0.02, 0.05) : 0
  const draws = words(from.child('grain'), new Uint32Array(tone.length))
  for (let p = 0; p < tone.length; p++) {
    const w = draws[p]
    const sum = (w & 255) + ((w >>> 8) & 255) + ((w >>> 16) & 255) + (w >>> 24)
    const grain = ((sum - 510) / 147.8) * (around + onCloth * cover[p])
    out[p] = Math.min(255, Math.max(0, Math.floor(255 * (tone[p] + grain) + 0.5)))
  }
}
