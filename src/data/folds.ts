import { InputError } from '../base/errors.ts'
import { key, shuffle } from '../base/random.ts'

/** Parts of a set of images, each the positions in it, ascending; together they are every image once. */
export type Folds = readonly Int32Array[]

/** Deals the images of each class out over `count` folds at random, so that every fold has the proportions of the classes. */
export function folds(labels: Uint8Array, count: number, seed: number): Folds {
  if (!Number.isInteger(count) || count < 2 || count > labels.length) {
    throw new InputError({
      at: 'folds',
      expected: `a whole number from 2 to ${labels.length}, the number of images`,
      received: `${count}`,
      hint: '5 is usual.',
    })
  }
  const from = key(seed).child('folds')
  const dealt: number[][] = Array.from({ length: count }, () => [])
  let next = 0
  for (const label of [...new Set(labels)].sort((a, b) => a - b)) {
    const positions = Int32Array.from(labels.keys()).filter((i) => labels[i] === label)
    for (const position of shuffle(from.child(label), positions)) dealt[next++ % count].push(position)
  }
  return dealt.map((positions) => Int32Array.from(positions).sort())
}
