import { expect, test } from 'vitest'
import { joinPairs, pairLabels, suspectLabels } from './image-pairs.ts'

test('two images stand side by side with a line between them, in every channel', () => {
  const pixels = Uint8Array.of(...[1, 2, 3, 4], ...[5, 6, 7, 8], ...[9, 9, 9, 9], ...[0, 0, 0, 0])
  const joined = joinPairs({ count: 4, height: 2, width: 1, channels: 2, pixels })
  expect(joined).toMatchObject({ count: 2, height: 2, width: 4, channels: 2 })
  const line = [136, 136, 136, 136]
  expect([...joined.pixels.subarray(0, 16)]).toEqual([1, 2, ...line, 5, 6, 3, 4, ...line, 7, 8])
  expect([...joined.pixels.subarray(16)]).toEqual([9, 9, ...line, 0, 0, 9, 9, ...line, 0, 0])
})

test('labels say what an image is, which one it is, and how sure one may be', () => {
  const a = { split: 'train', index: 4, label: 0 } as const
  const [same, other] = pairLabels(
    [
      { a, b: { ...a, index: 5 }, distance: 0.66 },
      { a, b: { split: 'test', index: 1, label: 1 }, distance: 9 },
    ],
    ['Coat', 'Bag'],
  )
  expect(same.lines).toEqual(['Coat', 'train 4', 'train 5', '0.7 gray levels'])
  expect(other.title).toBe('train 4 and test 1: Coat | Bag, 9.0 gray levels apart')
  const suspect = { split: 'test', index: 7, given: 1, likely: 0, probability: 0.987, selfConfidence: 0.01 }
  expect(suspectLabels([{ ...suspect, split: 'test' }], ['Coat', 'Bag'])[0].lines).toEqual([
    'label Bag',
    'likely Coat 0.99',
    'test 7',
  ])
})
