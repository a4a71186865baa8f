import { expect, test } from 'vitest'
import { arithmeticOf } from '../bench/arithmetic.ts'
import { type Contender, interleave } from '../bench/interleave.ts'
import { spread } from '../bench/statistics.ts'
import { network } from '../src/model/named.ts'

test.for([
  ['mlp-medium', 0.24],
  ['cnn-small', 0.58],
  ['cnn-medium', 7.74],
  ['cnn-large', 24.4],
] as const)('%s takes %f million operations an image, forward', ([name, millions]) => {
  expect(arithmeticOf(network(name)).forward / 1e6).toBeCloseTo(millions, 1)
})

test('training takes three times as much, less the gradient by the images', () => {
  const { forward, training } = arithmeticOf(network('mlp-small'))
  expect(training).toBe(3 * forward - 2 * 784 * 128)
})

test('a spread holds the median and the quartiles', () => {
  expect(spread([5, 1, 4, 2, 3])).toEqual({ low: 2, median: 3, high: 4, least: 1 })
  expect(spread([2, 1]).median).toBe(1.5)
})

test('contenders are timed in turn, each for as many rounds', async () => {
  const turns: string[] = []
  const contender = (name: string, milliseconds: number): Contender => ({
    name,
    run(steps) {
      turns.push(name)
      return steps * milliseconds
    },
    close: () => undefined,
  })
  const times = await interleave([contender('a', 10), contender('b', 5)], { rounds: 3, milliseconds: 20 })
  expect(turns.slice(-6)).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
  expect(times.get('a')!.median).toBe(10)
  expect(times.get('b')!.median).toBe(5)
})
