import { philox } from './philox.ts'
import { inverseNormal } from './statistics/normal.ts'

/**
 * A key names a stream of random numbers. Children are named after their purpose, so that a new purpose never
 * moves another one's dice: `key(seed).child('epoch').child(7)`.
 */
export interface Key {
  readonly words: readonly [number, number]
  /** The key of a sub-purpose; names and whole numbers (up to 2^53) are different children. */
  child(name: string | number): Key
}

// The last counter word keeps three uses of one key apart: draws, named children, numbered children.
const DRAW = 0
const NAMED = 1
const NUMBERED = 2

/** FNV-1a over UTF-16 units, in two independent 32-bit halves. */
function hashName(name: string): [number, number] {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193) >>> 0
    high = Math.imul(high ^ unit, 0x85ebca6b) >>> 0
    high = (high ^ (high >>> 13)) >>> 0
  }
  return [low, high]
}

function keyOf(k0: number, k1: number): Key {
  return {
    words: [k0, k1],
    child(name) {
      const [c0, c1] = typeof name === 'string' ? hashName(name) : [name >>> 0, Math.floor(name / 2 ** 32)]
      const length = typeof name === 'string' ? name.length : 0
      const words = philox(c0, c1, length, typeof name === 'string' ? NAMED : NUMBERED, k0, k1)
      return keyOf(words[0], words[1])
    },
  }
}

/** The root key of a seed: a whole number from 0 to 2^53 − 1. */
export function key(seed: number): Key {
  return keyOf(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0)
}

/** Fills `out` with unsigned 32-bit words: word i depends on the key and on i alone. */
export function words({ words: [k0, k1] }: Key, out: Uint32Array): Uint32Array {
  for (let i = 0; i < out.length; i += 4) {
    const four = philox(i / 4, 0, 0, DRAW, k0, k1)
    for (let j = 0; j < 4 && i + j < out.length; j++) out[i + j] = four[j]
  }
  return out
}

/** `count` numbers in (0, 1), float64, never 0 or 1: (word + ½) / 2^32. */
export function uniforms(from: Key, count: number): Float64Array {
  return Float64Array.from(words(from, new Uint32Array(count)), (word) => (word + 0.5) / 2 ** 32)
}

/** `count` standard normal numbers, float64, by inversion. */
export function normals(from: Key, count: number): Float64Array {
  return uniforms(from, count).map(inverseNormal)
}

/** A whole number in [0, bound) from one 32-bit word; the bias is below bound / 2^32. */
export function below(word: number, bound: number): number {
  return Math.floor((word / 2 ** 32) * bound)
}

/** Shuffles in place (Fisher–Yates) and returns the same array. */
export function shuffle<T extends Int32Array | Uint32Array | number[]>(from: Key, items: T): T {
  const draws = words(from, new Uint32Array(items.length))
  for (let i = items.length - 1; i > 0; i--) {
    const j = below(draws[i], i + 1)
    const kept = items[i]
    items[i] = items[j]
    items[j] = kept
  }
  return items
}
