import { expect, test } from 'vitest'
import { range } from '../domain.ts'
import { openSpace } from '../open-space.ts'
import { defineSpace } from '../space.ts'
import { mlp } from '../spaces/reference.ts'
import { autoSampler } from './auto.ts'

const cube = (count: number) =>
  openSpace(
    defineSpace({
      name: 'cube',
      parameters: Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, range(0, 1)])),
    }),
  )

test.each([
  ['a small space of which all will be tried', openSpace(mlp), 324, 4, 'random'],
  ['fewer trials than are seen before the first is guided', openSpace(mlp), 14, 4, 'random'],
  ['one more', openSpace(mlp), 15, 4, 'gp'],
  ['no lag', openSpace(mlp), 11, 0, 'gp'],
  ['some numbers', cube(6), 100, 4, 'gp'],
  ['many parameters', cube(21), 100, 4, 'tpe'],
  ['many trials', cube(6), 301, 4, 'tpe'],
] as const)('%s', (_, space, trials, lag, sampler) => {
  expect(autoSampler(space, trials, lag)).toBe(sampler)
})
