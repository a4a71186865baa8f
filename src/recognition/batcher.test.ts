import { expect, test } from 'vitest'
import { openBatcher } from './batcher.ts'
import type { Prediction } from './prediction.ts'

/** Says of an image of one byte that byte; fails at 13. */
function counting(sizes: number[]) {
  return {
    predictAll(pixels: Uint8Array): Prediction[] {
      sizes.push(pixels.length)
      if (pixels.includes(13)) throw new Error('unlucky')
      return Array.from(pixels, (label) => ({
        ...{ label, className: `${label}`, probability: 1, probabilities: [], isSure: true },
      }))
    },
  }
}

test('what comes together goes together, in batches of a bounded size, and each gets its own answer', async () => {
  const sizes: number[] = []
  const { ask } = openBatcher(counting(sizes), { most: 4 })
  const labels = Array.from({ length: 10 }, (_, i) => i)
  const answers = await Promise.all(labels.map((label) => ask(Uint8Array.of(label))))
  expect(answers.map(({ label }) => label)).toEqual(labels)
  expect(sizes).toEqual([4, 4, 2])
})

test('one alone does not wait for others, and a batch that fails fails by itself', async () => {
  const sizes: number[] = []
  const { ask } = openBatcher(counting(sizes))
  expect((await ask(Uint8Array.of(1))).label).toBe(1)
  await expect(Promise.all([ask(Uint8Array.of(13)), ask(Uint8Array.of(2))])).rejects.toThrow('unlucky')
  expect((await ask(Uint8Array.of(3))).label).toBe(3)
  expect(sizes).toEqual([1, 2, 1])
})
