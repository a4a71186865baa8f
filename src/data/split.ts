import { InputError } from '../base/errors.ts'
import { int32Bytes, sha256Hex } from '../base/hash.ts'
import { key, shuffle } from '../base/random.ts'
import type { LabeledImages } from './dataset.ts'

/** How much to hold out, and by which dice. */
export interface SplitOptions {
  /** Share of the images that goes to validation, between 0 and 1. */
  readonly validation: number
  readonly seed: number
}

/** Positions of the images in each part, ascending; together they are every image once. */
export interface Split {
  readonly train: Int32Array
  readonly validation: Int32Array
  /** SHA-256 of the positions as little-endian 32-bit numbers, train then validation. */
  readonly hash: string
}

/** Splits at random within each class (of a name, for errors), so that both parts keep the proportions of the classes to within one image. */
export function split(
  { labels }: Pick<LabeledImages, 'labels'>,
  { validation, seed }: SplitOptions,
  classNames: readonly string[] = [],
): Split {
  checkShare(validation)
  const classes = positionsByClass(labels)
  const quota = largestRemainder(
    classes.map((positions) => positions.length * validation),
    Math.round(labels.length * validation),
  )
  const from = key(seed).child('split')
  const parts = { train: [] as Int32Array[], validation: [] as Int32Array[] }
  for (const [c, positions] of classes.entries()) {
    checkQuota(classNames[c] ?? `${c}`, positions.length, quota[c])
    shuffle(from.child(c), positions)
    parts.validation.push(positions.subarray(0, quota[c]))
    parts.train.push(positions.subarray(quota[c]))
  }
  const [train, held] = [ascending(parts.train), ascending(parts.validation)]
  return { train, validation: held, hash: sha256Hex(int32Bytes(train), int32Bytes(held)) }
}

/** All images in training and none held out: for a look at a set that cannot be divided. */
export function undivided({ labels }: Pick<LabeledImages, 'labels'>): Split {
  const train = Int32Array.from(labels.keys())
  return { train, validation: new Int32Array(0), hash: sha256Hex(int32Bytes(train)) }
}

/** Whole numbers next to the shares whose sum is the total: the largest fractions are rounded up, ties in order. */
export function largestRemainder(shares: readonly number[], total: number): number[] {
  const whole = shares.map(Math.floor)
  const missing = total - whole.reduce((a, b) => a + b, 0)
  const byFraction = shares
    .map((_, i) => i)
    .sort((a, b) => shares[b] - whole[b] - (shares[a] - whole[a]) || a - b)
  for (const i of byFraction.slice(0, missing)) whole[i] += 1
  return whole
}

function positionsByClass(labels: Uint8Array): Int32Array[] {
  const positions: number[][] = []
  for (let i = 0; i < labels.length; i++) {
    positions[labels[i]] ??= []
    positions[labels[i]].push(i)
  }
  return Array.from(positions, (list) => Int32Array.from(list ?? []))
}

function ascending(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all.sort()
}

function checkShare(validation: number): void {
  if (validation > 0 && validation < 1) return
  throw new InputError({
    at: 'validation',
    expected: 'a share between 0 and 1, both excluded',
    received: `${validation}`,
    hint: '0.2 is usual.',
  })
}

function checkQuota(name: string, images: number, quota: number): void {
  if (images === 0 || (quota > 0 && quota < images)) return
  throw new InputError({
    at: 'validation',
    expected: `at least one image of class ${name} on each side`,
    received: `${images - quota} and ${quota} of ${images}`,
    hint:
      images === 1
        ? 'One image cannot be on both sides: add images of this class, or leave it out.'
        : 'Use another share, or add images of this class.',
  })
}
