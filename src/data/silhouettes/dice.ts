import type { Key } from '../../base/random.ts'

/** Named draws: each is a function of the key and its name, so that a new draw never moves an old one. */
export interface Dice {
  between(name: string, low: number, high: number): number
  chance(name: string, probability: number): boolean
  pick<T>(name: string, items: readonly T[]): T
}

/** The dice of a key. */
export function dice(from: Key): Dice {
  const uniform = (name: string) => (from.child(name).words[0] + 0.5) / 2 ** 32
  return {
    between: (name, low, high) => low + (high - low) * uniform(name),
    chance: (name, probability) => uniform(name) < probability,
    pick: (name, items) => items[Math.floor(uniform(name) * items.length)],
  }
}
